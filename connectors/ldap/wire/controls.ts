/** Controls that came with an answer, and what those that go with a request are made of (RFC 4511 section 4.1.11). */
import { berTag } from './ber.ts';

export interface ResponseControl {
  readonly oid: string;
  readonly value: Buffer | undefined;
}

/** The same for every message without any, since there are so many of them. */
export const noControls: readonly ResponseControl[] = [];

/** One BER element of content that is there already. */
export function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOctets(body.length), body]);
}

/** An INTEGER or ENUMERATED of up to 32 bits. */
export function integerElement(value: number, tag: number = berTag.integer): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeInt32BE(value);
  return element(tag, octets);
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(length);
  return Buffer.concat([Buffer.from([0x84]), octets]);
}
