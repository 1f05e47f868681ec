/** What Active Directory's DirSync puts on the wire ([MS-ADTS] 3.1.1.3.4.1.3). */
import { BerCursor, berTag } from '../wire/ber.ts';
import { element, integerElement } from '../wire/controls.ts';
import type { LdapResult } from '../wire/messages.ts';
import type { RequestControl } from '../wire/requests.ts';

export const dirSyncOid = '1.2.840.113556.1.4.841';

export const dirSyncFlags = {
  /** For accounts without the right to replicate: they are told of what they may see. */
  objectSecurity: 0x1,
  /** Members that were added to or removed from a group come one by one. A sign bit in a 32-bit INTEGER. */
  incrementalValues: 0x8000_0000 | 0,
} as const;

/** Whether it is read by what a plain account may see: what was deleted is hidden then. */
export const isByWhatIsSeen = (flags: number): boolean => (flags & dirSyncFlags.objectSecurity) !== 0;

/** Of an answer; the server may send less. */
const maxBytes = 1_048_576;

export function dirSyncRequest(flags: number, cookie: Buffer): RequestControl {
  const value = element(
    berTag.sequence,
    integerElement(flags),
    integerElement(maxBytes),
    element(berTag.octets, cookie),
  );
  return { oid: dirSyncOid, isCritical: true, value };
}

export interface DirSyncAnswer {
  readonly hasMore: boolean;
  readonly cookie: Buffer;
}

/** @throws {BerError} where the server sent something else; undefined where it sent nothing */
export function dirSyncAnswerOf({ controls }: LdapResult): DirSyncAnswer | undefined {
  const control = controls.find(({ oid }) => oid === dirSyncOid);
  if (control?.value === undefined) return undefined;
  const value = new BerCursor(control.value).enter(berTag.sequence);
  const hasMore = value.integer() !== 0;
  value.skip();
  return { hasMore, cookie: Buffer.from(value.bytes()) };
}
