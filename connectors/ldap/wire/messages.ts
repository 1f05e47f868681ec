/** What a server can say, decoded from BER (RFC 4511 section 4). */
import { BerCursor, BerError, berTag } from './ber.ts';
import { noControls, type ResponseControl } from './controls.ts';
import { SearchEntry } from './entry.ts';

/** How an operation ended (RFC 4511 section 4.1.9). */
export interface LdapResult {
  readonly code: number;
  readonly matchedDn: string;
  readonly diagnostic: string;
  readonly referrals: readonly string[];
  /** The cookie of a paged search; undefined where the server sent no such control. Empty after the last page. */
  readonly pageCookie: Buffer | undefined;
  /** Every control that came with it. */
  readonly controls: readonly ResponseControl[];
}

export interface IntermediateMessage {
  readonly oid: string;
  readonly value: Buffer;
}

export type LdapMessage =
  | { readonly kind: 'entry'; readonly id: number; readonly entry: SearchEntry }
  | { readonly kind: 'reference'; readonly id: number; readonly uris: readonly string[] }
  /** Part of an answer that is neither entry nor end (RFC 4511 section 4.13), such as of content synchronisation. */
  | { readonly kind: 'intermediate'; readonly id: number; readonly message: IntermediateMessage }
  | { readonly kind: 'result'; readonly id: number; readonly tag: number; readonly result: LdapResult };

/** Simple paged results, RFC 2696. */
export const pagedResultsOid = '1.2.840.113556.1.4.319';

export const responseTag = {
  bind: 0x61,
  entry: 0x64,
  searchDone: 0x65,
  reference: 0x73,
  extended: 0x78,
  intermediate: 0x79,
} as const;
const referralTag = 0xa3;
const controlsTag = 0xa0;
const intermediateTag = { oid: 0x80, value: 0x81 } as const;

/**
 * Decodes one message.
 *
 * @throws {BerError} when it is broken or of a kind that nothing here asks for.
 */
export function decodeMessage(bytes: Buffer, messageStart = 0, messageEnd = bytes.length): LdapMessage {
  const message = new BerCursor(bytes, messageStart, messageEnd).enter(berTag.sequence);
  const id = message.integer();
  const tag = message.peek();
  switch (tag) {
    case responseTag.entry: {
      const { start, end } = message.skip();
      return { kind: 'entry', id, entry: new SearchEntry(bytes, start, end, decodeControls(message)) };
    }
    case responseTag.intermediate:
      return { kind: 'intermediate', id, message: decodeIntermediate(message.enter(tag)) };
    case responseTag.reference:
      return { kind: 'reference', id, uris: decodeTexts(message.enter(tag)) };
    case responseTag.bind:
    case responseTag.searchDone:
    case responseTag.extended: {
      const body = message.enter(tag);
      return { kind: 'result', id, tag, result: decodeResult(body, message) };
    }
    default:
      throw new BerError(
        `the server sent a message of an unexpected kind (${tag === undefined ? 'empty' : `0x${tag.toString(16)}`})`,
      );
  }
}

function decodeResult(body: BerCursor, message: BerCursor): LdapResult {
  const code = body.integer(berTag.enumerated);
  const matchedDn = body.text();
  const diagnostic = body.text();
  const referrals = body.peek() === referralTag ? decodeTexts(body.enter(referralTag)) : [];
  const controls = decodeControls(message);
  return { code, matchedDn, diagnostic, referrals, pageCookie: pageCookieOf(controls), controls };
}

function decodeControls(message: BerCursor): readonly ResponseControl[] {
  if (message.peek() !== controlsTag) return noControls;
  const controls: ResponseControl[] = [];
  const list = message.enter(controlsTag);
  while (!list.atEnd) {
    const control = list.enter(berTag.sequence);
    const oid = control.text();
    if (control.peek() === berTag.boolean) control.skip();
    controls.push({ oid, value: control.atEnd ? undefined : Buffer.from(control.bytes()) });
  }
  return controls;
}

function pageCookieOf(controls: readonly ResponseControl[]): Buffer | undefined {
  const control = controls.find(({ oid }) => oid === pagedResultsOid);
  if (control?.value === undefined) return undefined;
  const value = new BerCursor(control.value).enter(berTag.sequence);
  value.skip();
  return Buffer.from(value.bytes());
}

function decodeIntermediate(body: BerCursor): IntermediateMessage {
  let oid = '';
  let value: Buffer = Buffer.alloc(0);
  while (!body.atEnd) {
    const tag = body.peek();
    if (tag === intermediateTag.oid) oid = body.text(tag);
    else if (tag === intermediateTag.value) value = Buffer.from(body.bytes(tag));
    else body.skip();
  }
  return { oid, value };
}

function decodeTexts(list: BerCursor): readonly string[] {
  const texts: string[] = [];
  while (!list.atEnd) texts.push(list.text());
  return texts;
}
