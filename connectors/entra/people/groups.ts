/** The groups that people are in, groups around groups too: Graph tells them of one person at a time, twenty in a batch. */
import type { Completeness } from '../../connector.ts';
import { EntraError } from '../entra-error.ts';
import type { Answer } from '../graph/answer.ts';
import { askAll } from '../graph/batch.ts';
import { GraphFailure } from '../graph/failures.ts';
import type { Graph } from '../graph/graph.ts';
import { pagesOf } from '../graph/pages.ts';
import { ScopeLost } from '../scope/scope-lost.ts';
import { readChanges, usersWithin } from '../scope/streams.ts';
import type { ReadingMeans } from './means.ts';

export const groupsPermission = 'GroupMember.Read.All';
const asked = { what: 'Reading the groups of people', permission: groupsPermission };

export interface GroupReader {
  /** The ids of somebody's groups. Whoever's could not be read is not in it. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Why somebody may be in more groups than was told; undefined where that can't be. */
  doubt(): string | undefined;
  /** Notes such a reason; the first one stays. */
  note(error: EntraError): void;
}

export function createGroupReader(
  { graph, patience }: Pick<ReadingMeans, 'graph' | 'patience'>,
  signal: AbortSignal,
): GroupReader {
  let doubt: string | undefined;
  const note = (error: EntraError): void => {
    doubt ??= error.message;
  };
  return {
    doubt: () => doubt,
    note,
    async of(ids) {
      const body = { securityEnabledOnly: false };
      const parts = ids.map(
        (id) => ({ method: 'POST', address: `/users/${id}/getMemberGroups`, body }) as const,
      );
      const answers = await askAll(graph, { ...asked, parts, signal }, patience);
      const found = new Map<string, readonly string[]>();
      for (const [index, id] of ids.entries()) {
        const groups = groupsIn(answers[index]);
        if (groups instanceof EntraError) note(groups);
        else found.set(id, groups);
      }
      return found;
    },
  };
}

/** Graph gives all or refuses: there is no answer in part. */
function groupsIn(answer: Answer | undefined): readonly string[] | EntraError {
  if (answer?.kind === 'error') return new GraphFailure(asked, answer.error);
  const list = answer?.kind === 'object' ? answer.body.value : undefined;
  if (Array.isArray(list) && list.every((id) => typeof id === 'string'))
    return list.map((id) => id.toLowerCase()).sort();
  return new EntraError(
    'protocol',
    `${asked.what} failed: a part of the batch had no list of groups`,
    'The next run asks again.',
  );
}

/** Why people are not wholly known whose groups are not. */
export function withDoubt(completeness: Completeness, groupsUnknown: string | undefined): Completeness {
  if (groupsUnknown === undefined) return completeness;
  const reason = completeness.kind === 'complete' ? groupsUnknown : completeness.reason;
  return { kind: 'incomplete', reason, groupsUnknown };
}

/** The place in the changes of all groups of the tenant as it is now; nothing is read. */
export async function groupsNow(graph: Graph, signal: AbortSignal): Promise<string | undefined> {
  const address = '/groups/delta?$select=id,members&$deltatoken=latest';
  let link: string | undefined;
  for await (const page of pagesOf(graph, { ...asked, address, form: 'delta', signal }))
    link = page.deltaLink;
  return link;
}

/**
 * Whose groups may be others than at that place, and the place now.
 *
 * @throws {ScopeLost} when a group was deleted: who was in it, nobody tells any more
 */
export async function groupChanges(
  graph: Graph,
  link: string,
  signal: AbortSignal,
): Promise<{ readonly touched: ReadonlySet<string>; readonly link: string }> {
  const changes = await readChanges(graph, { collection: 'groups', link }, signal);
  const { users, addedGroups, removedGroups, deleted } = changes;
  if (deleted.length > 0)
    throw new ScopeLost(
      `A group was deleted (${deleted.join(', ')}); who was in it, only the whole source tells.`,
    );
  const touched = new Set(users);
  // A group that joins or leaves another one takes everybody in it along.
  for (const group of [...addedGroups, ...removedGroups])
    for (const id of await usersWithin(graph, group, signal)) touched.add(id);
  return { touched, link: changes.stream.link };
}
