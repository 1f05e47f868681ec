/** Asks for single people whether they are in a scope: Graph itself looks through groups inside of groups. */
import { EntraError } from '../entra-error.ts';
import type { Answer } from '../graph/answer.ts';
import { askAll, type BatchPart, chunksOf } from '../graph/batch.ts';
import { GraphFailure } from '../graph/failures.ts';
import type { Graph, Patience } from '../graph/graph.ts';
import type { Membership, Parts } from './membership.ts';
import { readMembers } from './streams.ts';

/** Graph takes no more groups than this in one question. */
const groupsPerQuestion = 20;

interface Question {
  readonly part: BatchPart;
  readonly user: string;
  /** The unit that is asked for; a question for groups has its answer in the body. */
  readonly unit: string | undefined;
}

/** @throws {EntraError} when one of the questions was not answered */
export async function checkMembers(
  graph: Graph,
  patience: Patience,
  parts: Parts,
  named: readonly string[],
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Membership> {
  await refuseMissing(graph, patience, parts, signal);
  const questions = ids.flatMap((user) => questionsFor(user, parts));
  const asked = { what: 'Asking whether people are in the scope', permission: permissionOf(parts) };
  const answers = await askAll(
    graph,
    { ...asked, parts: questions.map(({ part }) => part), signal },
    patience,
  );

  const directOnly = await directMembers(graph, parts.flatGroups, signal, questions, answers);
  const found = new Map<string, readonly string[]>();
  const assigned = new Set(parts.users);
  for (const id of ids) if (assigned.has(id)) found.set(id, []);
  for (const [index, { user, unit }] of questions.entries()) {
    const containers = containersIn(answers[index], unit, asked).filter(
      (container) => directOnly.get(container)?.has(user) ?? true,
    );
    if (containers.length === 0) continue;
    const groups = containers.filter((container) => named.includes(container));
    found.set(user, [...new Set([...(found.get(user) ?? []), ...groups])]);
  }
  return found;
}

/** Of a group that was deleted, Graph says that nobody is in it: that must not read as if all had left. */
async function refuseMissing(
  graph: Graph,
  patience: Patience,
  parts: Parts,
  signal: AbortSignal,
): Promise<void> {
  const { nestedGroups, flatGroups, units } = parts;
  const containers = [
    ...[...nestedGroups, ...flatGroups].map((id) => ({ id, address: `/groups/${id}?$select=id` })),
    ...units.map((id) => ({ id, address: `/directory/administrativeUnits/${id}?$select=id` })),
  ];
  const asked = { what: 'Looking for the groups and units of the scope', permission: permissionOf(parts) };
  const requests = containers.map(({ address }) => ({ method: 'GET', address }) as const);
  const answers = await askAll(graph, { ...asked, parts: requests, signal }, patience);
  for (const [index, answer] of answers.entries()) {
    if (answer.kind === 'object') continue;
    if (answer.kind === 'error') throw new GraphFailure(asked, answer.error);
    throw new EntraError(
      'protocol',
      `${asked.what} failed for ${containers[index]?.id}`,
      'The next run asks again.',
    );
  }
}

function questionsFor(user: string, { nestedGroups, flatGroups, units }: Parts): readonly Question[] {
  return [
    ...chunksOf([...nestedGroups, ...flatGroups], groupsPerQuestion).map((groupIds) => ({
      part: { method: 'POST', address: `/users/${user}/checkMemberGroups`, body: { groupIds } } as const,
      user,
      unit: undefined,
    })),
    ...units.map((unit) => ({
      part: {
        method: 'GET',
        address: `/directory/administrativeUnits/${unit}/members/${user}?$select=id`,
      } as const,
      user,
      unit,
    })),
  ];
}

/** Graph looks through groups inside of groups; where only direct members count, they are read for comparison. */
async function directMembers(
  graph: Graph,
  flatGroups: readonly string[],
  signal: AbortSignal,
  questions: readonly Question[],
  answers: readonly Answer[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const hit = new Set(
    questions.flatMap(({ unit }, index) => (unit === undefined ? groupsIn(answers[index]) : [])),
  );
  const wanted = flatGroups.filter((group) => hit.has(group));
  if (wanted.length === 0) return new Map();
  const { members } = await readMembers(graph, 'groups', wanted, signal);
  return new Map([...members].map(([id, { users }]) => [id, users]));
}

/** The groups, or the unit, that the answer says somebody is in. Who is not there is in none. */
function containersIn(
  answer: Answer | undefined,
  unit: string | undefined,
  asked: { readonly what: string; readonly permission: string },
): readonly string[] {
  if (answer?.kind === 'error' && answer.error.status === 404 && answer.error.code !== '') return [];
  if (answer?.kind === 'error') throw new GraphFailure(asked, answer.error);
  if (answer?.kind === 'object' && unit !== undefined) return [unit];
  if (answer?.kind === 'object' && Array.isArray(answer.body.value)) return groupsIn(answer);
  throw new EntraError(
    'protocol',
    `${asked.what} failed: a part of the batch was not answered`,
    'The next run asks again.',
  );
}

function groupsIn(answer: Answer | undefined): readonly string[] {
  const list = answer?.kind === 'object' ? answer.body.value : undefined;
  return Array.isArray(list) ? list.map((id) => String(id).toLowerCase()) : [];
}

const permissionOf = ({ nestedGroups, flatGroups }: Parts): string =>
  nestedGroups.length + flatGroups.length > 0 ? 'GroupMember.Read.All' : 'AdministrativeUnit.Read.All';
