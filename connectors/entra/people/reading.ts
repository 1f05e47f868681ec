/**
 * A whole reading. It is the beginning of a delta and not a list of users: so it ends with a place from which no change
 * is lost, and it shows who was restored, of which a delta that goes on may never tell.
 */
import type { Identity } from '../../../src/identity/identity.ts';
import type { Completeness, ReadingPart, ReadRequest, SkippedRecord } from '../../connector.ts';
import { EntraError } from '../entra-error.ts';
import { chunksOf } from '../graph/batch.ts';
import { type Page, pagesOf } from '../graph/pages.ts';
import type { Membership } from '../scope/membership.ts';
import { fingerprintOf, writeCursor } from './cursor.ts';
import { createGroupReader, type GroupReader, groupsNow, withDoubt } from './groups.ts';
import { createManagers } from './managers.ts';
import type { ReadingMeans } from './means.ts';
import { type People, peopleOf, type User, userOf } from './people.ts';
import { refuseWithoutLeaveDates, type Selection, selectionOf } from './selection.ts';

/** A smaller scope is read by its ids, since a tenant may be a thousand times larger. */
const fewPeople = 2_000;
const idsAtOnce = 300;

export const usersQuestion = { what: 'Reading the users', permission: 'User.Read.All' };

/** Reads everybody. Throws where nothing at all was read; what breaks off later ends as incomplete. */
export async function* readTenant(means: ReadingMeans, request: ReadRequest): AsyncGenerator<ReadingPart> {
  const { config, scope, reader } = means;
  const { signal } = request;
  const selection = selectionOf(config, request.attributes);
  refuseWithoutLeaveDates(config, selection, (await means.claims(signal))?.permissions);
  const found = await scope?.read(signal);
  const managers = createManagers(reader, selection.managerProperties, signal);
  const groups = request.groups === true ? createGroupReader(means, signal) : undefined;
  // Before anybody's groups are read: what changes meanwhile is told of afterwards.
  const groupsLink = groups === undefined ? undefined : await placeOfGroups(means, groups, signal);
  const people = peopleOf(config, selection, managers, found?.membership, groups);
  const seen = new Seen();
  const parts =
    found !== undefined && found.membership.size <= fewPeople
      ? readFew(means, selection, people, found.membership, signal, seen)
      : readAll(means, selection, people, signal, seen);

  let given = 0;
  try {
    for await (const batch of parts) {
      given += 1;
      seen.people += batch.identities.length;
      yield { kind: 'batch', ...batch };
    }
    const completeness = withDoubt(await completenessOf(means, seen, signal), groups?.doubt());
    const cursor =
      completeness.kind === 'incomplete' || seen.deltaLink === undefined
        ? undefined
        : writeCursor(
            { users: seen.deltaLink, again: [...seen.again], scope: found?.mark, groups: groupsLink },
            fingerprintOf(config, means.graph.host, selection, groups !== undefined),
          );
    yield { kind: 'end', completeness, cursor };
  } catch (error) {
    if (given === 0 || !(error instanceof EntraError)) throw error;
    const broken = { kind: 'incomplete', reason: error.message } as const;
    yield { kind: 'end', completeness: withDoubt(broken, groups?.doubt()) };
  }
}

interface Batch {
  readonly identities: readonly Identity[];
  readonly skipped: readonly SkippedRecord[];
}

/** What a reading has seen so far. */
class Seen {
  readonly users = new Set<string>();
  /** Of whom it said two things: the first is passed on, the last is found out with the first changes. */
  readonly again = new Set<string>();
  people = 0;
  nameless = 0;
  deltaLink: string | undefined;
  /** Whether the users of the whole tenant went by. */
  isWholeTenant = false;
}

async function* readAll(
  { graph }: ReadingMeans,
  selection: Selection,
  people: People,
  signal: AbortSignal,
  seen: Seen,
): AsyncGenerator<Batch> {
  const address = firstDelta(selection);
  for await (const page of pagesOf(graph, { ...usersQuestion, address, form: 'delta', signal })) {
    const { users, skipped } = newOnPage(page, seen);
    seen.deltaLink = page.deltaLink;
    yield { identities: await people.identify(users), skipped };
  }
  seen.isWholeTenant = true;
}

/** Reads the people of a small scope by their ids, after the place in the changes was asked for. */
async function* readFew(
  { graph, reader }: ReadingMeans,
  selection: Selection,
  people: People,
  membership: Membership,
  signal: AbortSignal,
  seen: Seen,
): AsyncGenerator<Batch> {
  const address = `${firstDelta(selection)}&$deltatoken=latest`;
  for await (const { deltaLink } of pagesOf(graph, { ...usersQuestion, address, form: 'delta', signal }))
    seen.deltaLink = deltaLink;
  for (const ids of chunksOf([...membership.keys()], idsAtOnce)) {
    const found = await reader.readByIds(ids, selection, signal);
    const users = [...found.values()].flatMap((item) => userOf(item) ?? []);
    for (const { id } of users) seen.users.add(id);
    // A read may lag behind the place that was asked for before it: the first changes read them once more.
    for (const id of ids) seen.again.add(id);
    yield { identities: await people.identify(users), skipped: [] };
  }
}

export function firstDelta({ properties, hasManager }: Selection): string {
  return `/users/delta?$select=${[...properties, ...(hasManager ? ['manager'] : [])].join(',')}`;
}

/** Who comes for the first time. What a page says of somebody last counts; those who are deleted are no people. */
function newOnPage(
  { items }: Page,
  seen: Seen,
): { readonly users: readonly User[]; readonly skipped: SkippedRecord[] } {
  const users = new Map<string, User>();
  const skipped: SkippedRecord[] = [];
  for (const item of items) {
    const user = userOf(item);
    if (user === undefined) {
      seen.nameless += 1;
      const reason =
        "A user of Graph's answer has no id. Nobody can say who is missing; the next run reads anew.";
      skipped.push({
        label: String(item.userPrincipalName ?? 'a user without id'),
        anchor: undefined,
        reason,
      });
    } else if (seen.users.has(user.id)) seen.again.add(user.id);
    else if (user['@removed'] === undefined) users.set(user.id, user);
    else users.delete(user.id);
  }
  for (const id of users.keys()) seen.users.add(id);
  return { users: [...users.values()], skipped };
}

async function completenessOf(means: ReadingMeans, seen: Seen, signal: AbortSignal): Promise<Completeness> {
  const incomplete = (reason: string): Completeness => ({ kind: 'incomplete', reason });
  if (seen.nameless > 0)
    return incomplete(`${seen.nameless} users came without an id, so nobody can say who is missing.`);
  if (seen.people === 0)
    return incomplete(
      'Graph showed nobody who is in the scope of the source. An application that has lost its rights may see the same: check its permissions, and the scope.',
    );
  return seen.isWholeTenant
    ? await countedCompleteness(means, seen.users.size, signal)
    : { kind: 'complete' };
}

/** Graph's count of users lags a little, and people join and leave meanwhile: so few may be missing without a doubt. */
const toleratedShare = 0.01;
const toleratedCount = 10;

async function countedCompleteness(
  { graph }: ReadingMeans,
  seen: number,
  signal: AbortSignal,
): Promise<Completeness> {
  const question = {
    what: 'Counting the users',
    permission: 'User.Read.All',
    address: '/users/$count',
    headers: { ConsistencyLevel: 'eventual' },
    signal,
  };
  try {
    const count = Number((await graph.askText(question)).replace('\uFEFF', '').trim());
    if (!Number.isInteger(count))
      return {
        kind: 'incomplete',
        reason: 'Whether everybody was seen is unknown: Graph told no count of users.',
      };
    const tolerated = Math.max(toleratedCount, Math.floor(count * toleratedShare));
    if (count - seen <= tolerated) return { kind: 'complete' };
    return {
      kind: 'incomplete',
      reason: `Graph showed ${seen} users and says that there are ${count}. The next reading begins anew.`,
    };
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    return { kind: 'incomplete', reason: `Whether everybody was seen is unknown. ${error.message}` };
  }
}

/** People are read without it, too; then their groups are in doubt. */
async function placeOfGroups(
  { graph }: ReadingMeans,
  groups: GroupReader,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await groupsNow(graph, signal);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    groups.note(error);
    return undefined;
  }
}
