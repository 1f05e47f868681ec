/**
 * Changes by Active Directory's DirSync. It tells of the whole naming context, whatever the source's base and filter, and
 * only of the attributes that changed: whoever it names is read again by their objectGUID.
 */
import type { Anchor } from '../../../src/identity/identity.ts';
import type { ChangesPart, Departure } from '../../connector.ts';
import { valueRenderer } from '../people/values.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';
import { type Place, toCursor } from './cursor.ts';
import { dirSyncAnswerOf, dirSyncFlags, dirSyncRequest, isByWhatIsSeen } from './dirsync-control.ts';
import { brandAnchor, type DeltaMeans, type PlaceMeans } from './means.ts';
import { membersByName } from './members.ts';
import { namingContextOf } from './naming-context.ts';
import { rereadPeople } from './reread.ts';
import { searchOnce } from './search-once.ts';
import { everybodyInView } from './sweep.ts';

const everything: Filter = { kind: 'present', attribute: 'objectClass' };
const nobody: Filter = { kind: 'equal', attribute: 'objectGUID', value: Buffer.alloc(16) };
const none = Buffer.alloc(0);

/** With the right to replicate first, then by what a plain account may see. */
const flagsToTry = [
  dirSyncFlags.incrementalValues,
  dirSyncFlags.incrementalValues | dirSyncFlags.objectSecurity,
] as const;

export async function dirSyncPlace(means: PlaceMeans): Promise<Place | undefined> {
  const root = namingContextOf(means);
  if (root === undefined) return undefined;
  for (const flags of flagsToTry) {
    const answer = await dirSync(means, root, flags, none, nobody, () => undefined);
    if (answer.kind === 'read')
      return { by: 'dirsync', cookie: answer.cookie.toString('base64'), root, flags };
  }
  return undefined;
}

export async function* dirSyncChanges(
  means: DeltaMeans,
  { cookie, root, flags }: Extract<Place, { by: 'dirsync' }>,
): AsyncGenerator<ChangesPart, void> {
  const named = new Map<Anchor, 'changed' | 'deleted'>();
  const members = new Set<string>();
  const answer = await dirSync(means, root, flags, Buffer.from(cookie, 'base64'), everything, (entry) => {
    const told = read(entry);
    if (told.anchor !== undefined) named.set(told.anchor, told.isDeleted ? 'deleted' : 'changed');
    for (const dn of told.members) members.add(dn);
  });
  if (answer.kind === 'refused')
    return yield { kind: 'cursor-lost', reason: `The server refused the cookie: ${answer.reason}.` };

  const changed = [...named].flatMap(([anchor, what]) => (what === 'changed' ? [anchor] : []));
  const byName = await membersByName(means, members);
  if (typeof byName === 'string') return yield { kind: 'broken', reason: byName };
  const { found, broken } = yield* rereadPeople(means, [...changed, ...byName]);
  if (broken !== undefined) return yield { kind: 'broken', reason: broken };

  const departures = [...named].flatMap(([anchor, what]): readonly Departure[] => {
    if (what === 'deleted')
      return [{ kind: 'deleted', anchor, reason: 'The entry was deleted in the source.' }];
    return found.has(anchor) ? [] : [{ kind: 'out-of-view', anchor }];
  });
  yield { kind: 'batch', identities: [], skipped: [], departures };

  const next: Place = { by: 'dirsync', cookie: answer.cookie.toString('base64'), root, flags };
  const mayMissDeletions = isByWhatIsSeen(flags);
  if (mayMissDeletions && next.cookie !== cookie) {
    // What was deleted hides from plain accounts without a word: the ids of those who are left tell.
    const present = await everybodyInView(means);
    if (typeof present === 'string') return yield { kind: 'broken', reason: present };
    yield { kind: 'in-view', anchors: present };
  }
  yield { kind: 'end', cursor: toCursor(next) };
}

type Answer =
  | { readonly kind: 'read'; readonly cookie: Buffer }
  | { readonly kind: 'refused'; readonly reason: string };

/** Reads answer after answer until the server has told everything. */
async function dirSync(
  { connection, signal }: PlaceMeans,
  root: string,
  flags: number,
  from: Buffer,
  filter: Filter,
  onEntry: (entry: SearchEntry) => void,
): Promise<Answer> {
  for (let cookie = from; ; ) {
    signal.throwIfAborted();
    const controls = [dirSyncRequest(flags, cookie)];
    // An attribute list would hide changes of everything else: moves, and what the filter goes by.
    const search = { base: root, scope: 'sub', filter, attributes: [], controls } as const;
    const { result } = await searchOnce(connection, search, onEntry);
    if (result.code !== resultCode.success) return { kind: 'refused', reason: describeResult(result) };
    const answer = dirSyncAnswerOf(result);
    if (answer === undefined) return { kind: 'refused', reason: 'it sent no cookie back' };
    if (!answer.hasMore) return { kind: 'read', cookie: answer.cookie };
    cookie = answer.cookie;
  }
}

const guidText = valueRenderer('objectGUID');

function read(entry: SearchEntry): {
  readonly anchor: Anchor | undefined;
  readonly isDeleted: boolean;
  readonly members: readonly string[];
} {
  let anchor: Anchor | undefined;
  let isDeleted = false;
  const members: string[] = [];
  for (const { description, values } of entry.attributes) {
    const [value] = values;
    const name = description.toLowerCase();
    if (name === 'objectguid' && value !== undefined) anchor = brandAnchor(guidText(value));
    else if (name === 'isdeleted') isDeleted = value?.toString() === 'TRUE';
    // `member;range=1-1` are those who were added, `member;range=0-0` those who were removed.
    else if (name === 'member' || name.startsWith('member;'))
      members.push(...values.map((dn) => dn.toString('utf8')));
  }
  return { anchor, isDeleted, members };
}
