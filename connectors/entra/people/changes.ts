/**
 * What has changed since a place. A delta may tell a part of somebody, tell it twice, or be ahead of what reads show; so
 * everybody whom it names is read whole by their id, and where the two disagree, they are read again the next time.
 */

import type { Identity } from '../../../src/identity/identity.ts';
import type { ChangesPart, ChangesRequest, Departure } from '../../connector.ts';
import { EntraError } from '../entra-error.ts';
import type { JsonObject } from '../graph/answer.ts';
import { chunksOf } from '../graph/batch.ts';
import { ScopeLost } from '../scope/scope-lost.ts';
import { fingerprintOf, type Place, readCursor, writeCursor } from './cursor.ts';
import { findDeleted } from './deleted.ts';
import { isExpired } from './expiry.ts';
import { createGroupReader, type GroupReader, groupChanges } from './groups.ts';
import { anchorOf } from './identity.ts';
import { createManagers } from './managers.ts';
import type { ReadingMeans } from './means.ts';
import { peopleOf, type User, userOf } from './people.ts';
import { refuseWithoutLeaveDates, type Selection, selectionOf } from './selection.ts';
import { readWords, type Word } from './words.ts';

const idsAtOnce = 300;
/** Of more people whose place in the scope changed at once, nobody is read twice. */
const atMostAgain = 5_000;

export async function* readChangesSince(
  means: ReadingMeans,
  request: ChangesRequest,
): AsyncGenerator<ChangesPart> {
  const { config, graph } = means;
  const selection = selectionOf(config, request.attributes);
  const fitsTo = fingerprintOf(config, graph.host, selection, request.groups === true);
  const place = readCursor(request.since, fitsTo);
  if (typeof place === 'string') {
    yield { kind: 'cursor-lost', reason: place };
    return;
  }
  refuseWithoutLeaveDates(config, selection, (await means.claims(request.signal))?.permissions);

  let pages = 0;
  try {
    const news = await readNews(means, place, request.signal, () => {
      pages += 1;
    });
    if (news.nameless > 0) {
      yield {
        kind: 'cursor-lost',
        reason: `${news.nameless} changes came without an id of whom they are about.`,
      };
      return;
    }
    const again = new Set(news.touched.size > atMostAgain ? [] : news.touched);
    const ids = [...new Set([...news.words.keys(), ...news.touched, ...place.again, ...request.also])];
    const groups = request.groups === true ? createGroupReader(means, request.signal) : undefined;
    const resolver = await resolverOf(means, selection, ids, again, groups, request.signal);
    for (const chunk of chunksOf(ids, idsAtOnce)) {
      const { identities, departures } = await resolver(chunk, news.words);
      const doubt = groups?.doubt();
      // Nobody is told of with groups that are not wholly known: the next time tells.
      if (doubt !== undefined) return yield { kind: 'broken', reason: doubt };
      yield { kind: 'batch', identities, skipped: [], departures };
    }
    yield {
      kind: 'end',
      cursor: writeCursor(
        { users: news.deltaLink, again: [...again], scope: news.mark, groups: news.groups },
        fitsTo,
      ),
    };
  } catch (error) {
    if (isExpired(error) || error instanceof ScopeLost) yield { kind: 'cursor-lost', reason: error.message };
    else if (pages > 0 && error instanceof EntraError) yield { kind: 'broken', reason: error.message };
    else throw error;
  }
}

async function readNews(means: ReadingMeans, place: Place, signal: AbortSignal, onPage: () => void) {
  const { graph, scope } = means;
  const { byId: words, deltaLink, nameless } = await readWords(graph, place.users, signal, onPage);
  const ofGroups = place.groups === undefined ? undefined : await groupChanges(graph, place.groups, signal);
  const news = { words, deltaLink, nameless, groups: ofGroups?.link };
  const touched = ofGroups?.touched ?? new Set<string>();
  if (scope === undefined) return { ...news, touched, mark: undefined };
  if (place.scope === undefined)
    throw new ScopeLost('The stored place in the changes tells nothing of the scope.');
  const ofScope = await scope.changes(place.scope, signal);
  return { ...news, touched: new Set([...touched, ...ofScope.touched]), mark: ofScope.mark };
}

interface Resolved {
  readonly identities: readonly Identity[];
  readonly departures: readonly Departure[];
}

/** A function that finds out how it stands with people: what the changes said, against what reading by id shows. */
async function resolverOf(
  means: ReadingMeans,
  selection: Selection,
  all: readonly string[],
  again: Set<string>,
  groups: GroupReader | undefined,
  signal: AbortSignal,
) {
  const { config, scope, reader } = means;
  const membership = await scope?.check(all, signal);
  const managers = createManagers(reader, selection.managerProperties, signal);
  const people = peopleOf(config, selection, managers, membership, groups);

  return async (ids: readonly string[], words: ReadonlyMap<string, Word>): Promise<Resolved> => {
    const found = await reader.readByIds(ids, selection, signal);
    const inDoubt = ids.filter((id) => isInDoubt(words.get(id), found.has(id)));
    const deleted = await findDeleted(means, inDoubt, signal);
    const users: User[] = [];
    const departures: Departure[] = [];
    for (const id of ids) {
      const state = stateOf(id, words.get(id), found.get(id), deleted.has(id));
      if (state.again) again.add(id);
      if (state.kind === 'there') (people.has(state.user) ? users : []).push(state.user);
      if (state.kind === 'there' && !people.has(state.user)) departures.push(outOfView(id));
      if (state.kind === 'gone') departures.push(state.departure);
    }
    return { identities: await people.identify(users), departures };
  };
}

/** Only the deleted items can tell: of somebody who is not there, or whom the changes call removed and a read shows. */
const isInDoubt = (word: Word | undefined, isFound: boolean): boolean =>
  word === undefined ? !isFound : word.kind === 'removed' && isFound;

type State =
  | { readonly kind: 'there'; readonly user: User; readonly again: boolean }
  | { readonly kind: 'gone'; readonly departure: Departure; readonly again: boolean }
  /** The changes know of somebody whom no read shows yet. */
  | { readonly kind: 'unknown'; readonly again: true };

function stateOf(
  id: string,
  word: Word | undefined,
  item: JsonObject | undefined,
  isDeleted: boolean,
): State {
  const read = item === undefined ? undefined : userOf(item);
  switch (word?.kind) {
    case undefined:
      if (read !== undefined) return { kind: 'there', user: read, again: false };
      return { kind: 'gone', departure: isDeleted ? deletedOf(id, false) : outOfView(id), again: false };
    case 'removed':
      if (read === undefined || isDeleted)
        return { kind: 'gone', departure: deletedOf(id, word.isForGood), again: false };
      // Restored, or the removal is an old one told again; or the read is behind. The next time tells.
      return { kind: 'there', user: read, again: true };
    case 'changed':
      if (read === undefined) return { kind: 'unknown', again: true };
      return { kind: 'there', user: merged(read, word.told), again: disagree(read, word.told) };
    default:
      return word satisfies never;
  }
}

/** What the changes told wins over what a read shows, which may be behind. What they did not tell is as it was read. */
const merged = (read: User, told: JsonObject): User => ({ ...read, ...told, id: read.id });

function disagree(read: User, told: JsonObject): boolean {
  return Object.keys(told).some(
    (name) =>
      name !== 'id' &&
      !name.includes('@') &&
      JSON.stringify(told[name] ?? null) !== JSON.stringify(read[name] ?? null),
  );
}

const outOfView = (id: string): Departure => ({ kind: 'out-of-view', anchor: anchorOf(id) });

const deletedOf = (id: string, isForGood: boolean): Departure => ({
  kind: 'deleted',
  anchor: anchorOf(id),
  reason: isForGood
    ? 'Entra ID says that the account was deleted for good.'
    : 'Entra ID says that the account was deleted; it can be restored for 30 days.',
});
