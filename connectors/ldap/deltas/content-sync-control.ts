/** What content synchronisation (RFC 4533) puts on the wire. */
import { BerCursor, berTag } from '../wire/ber.ts';
import { element, integerElement } from '../wire/controls.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { IntermediateMessage, LdapResult } from '../wire/messages.ts';
import type { RequestControl } from '../wire/requests.ts';

export const contentSyncOid = '1.3.6.1.4.1.4203.1.9.1.1';
const syncStateOid = '1.3.6.1.4.1.4203.1.9.1.2';
const syncDoneOid = '1.3.6.1.4.1.4203.1.9.1.3';
const syncInfoOid = '1.3.6.1.4.1.4203.1.9.1.4';

const refreshOnly = 1;
const uuidSetTag = 0xa3;

/** Asks for what has changed since the cookie, or for everything, and then for an end. */
export function syncRequest(cookie: Buffer | undefined): RequestControl {
  const value = element(
    berTag.sequence,
    integerElement(refreshOnly, berTag.enumerated),
    ...(cookie === undefined ? [] : [element(berTag.octets, cookie)]),
  );
  return { oid: contentSyncOid, isCritical: true, value };
}

/** What the server says of an entry: that it is as it was, was added, was changed, or left the content. */
export type SyncState = 'present' | 'changed' | 'gone';

export interface StateOf {
  readonly state: SyncState;
  readonly uuid: string;
}

/** @throws {BerError} where the server sent something else; undefined where it sent nothing */
export function stateOf(entry: SearchEntry): StateOf | undefined {
  const control = entry.controls.find(({ oid }) => oid === syncStateOid);
  if (control?.value === undefined) return undefined;
  const value = new BerCursor(control.value).enter(berTag.sequence);
  const state = value.integer(berTag.enumerated);
  const uuid = uuidText(value.bytes());
  return { state: state === 0 ? 'present' : state === 3 ? 'gone' : 'changed', uuid };
}

/** The end of a refresh: where to go on, and whether what left the content was named. */
export interface SyncEnd {
  readonly cookie: Buffer | undefined;
  /** Else only who is present was named, and whoever was not has left. */
  readonly namesDeletions: boolean;
}

export function syncEndOf({ controls }: LdapResult): SyncEnd | undefined {
  const control = controls.find(({ oid }) => oid === syncDoneOid);
  if (control === undefined) return undefined;
  if (control.value === undefined) return { cookie: undefined, namesDeletions: false };
  const value = new BerCursor(control.value).enter(berTag.sequence);
  const cookie = value.peek() === berTag.octets ? Buffer.from(value.bytes()) : undefined;
  const namesDeletions = value.peek() === berTag.boolean && value.bytes(berTag.boolean)[0] !== 0;
  return { cookie, namesDeletions };
}

/** The entries that a message between others names, all at once. */
export interface UuidSet {
  readonly uuids: readonly string[];
  /** Whether they left the content, or are present. */
  readonly areGone: boolean;
}

export function uuidSetOf({ oid, value }: IntermediateMessage): UuidSet | undefined {
  if (oid !== syncInfoOid) return undefined;
  const choice = new BerCursor(value);
  if (choice.peek() !== uuidSetTag) return undefined;
  const set = choice.enter(uuidSetTag);
  if (set.peek() === berTag.octets) set.skip();
  const areGone = set.peek() === berTag.boolean && set.bytes(berTag.boolean)[0] !== 0;
  const members = set.enter(berTag.set);
  const uuids: string[] = [];
  while (!members.atEnd) uuids.push(uuidText(members.bytes()));
  return { uuids, areGone };
}

function uuidText(octets: Buffer): string {
  const hex = octets.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
