/** Looks people up by id, to confirm that somebody who was missed in a reading is really gone. */
import type { Anchor } from '../../../src/identity/identity.ts';
import type { Presence } from '../../connector.ts';
import type { Answer } from '../graph/answer.ts';
import { askAll } from '../graph/batch.ts';
import { GraphFailure } from '../graph/failures.ts';
import { findDeleted } from './deleted.ts';
import { anchorOf } from './identity.ts';
import type { ReadingMeans } from './means.ts';
import { isGuest } from './people.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const asked = { what: 'Looking users up by their ids', permission: 'User.Read.All' };

/** Answers for every anchor, within the same scope as a reading. */
export async function lookUp(
  means: ReadingMeans,
  anchors: readonly Anchor[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Anchor, Presence>> {
  const answers = new Map<Anchor, Presence>();
  const ids: Anchor[] = [];
  for (const anchor of new Set(anchors)) {
    if (guid.test(anchor)) ids.push(anchor);
    else
      answers.set(anchor, {
        kind: 'unknown',
        reason: `${anchor} is no id of Entra's. Was the source another one before?`,
      });
  }
  const found = await findUsers(means, ids, signal);
  const there = ids.filter((id) => found.get(id)?.kind === 'there');
  const membership = await means.scope?.check(there, signal);
  for (const id of ids) {
    const one = found.get(id);
    if (one?.kind === 'there') {
      const isIn = (membership?.has(id) ?? true) && (means.config.scope.guests || !one.isGuest);
      answers.set(id, { kind: isIn ? 'present' : 'absent' });
    } else
      answers.set(
        id,
        one?.kind === 'missing'
          ? { kind: 'absent' }
          : { kind: 'unknown', reason: one?.reason ?? 'Graph gave no answer.' },
      );
  }

  const missing = ids.filter((id) => found.get(id)?.kind === 'missing');
  const deleted = await findDeleted(means, missing, signal);
  for (const id of missing) if (deleted.has(id)) answers.set(id, { kind: 'deleted' });
  if (missing.length === 0 || there.length + deleted.size > 0) return answers;
  const doubt = await doubtInAbsence(means, signal);
  if (doubt !== undefined) for (const id of missing) answers.set(id, { kind: 'unknown', reason: doubt });
  return answers;
}

type Found =
  | { readonly kind: 'there'; readonly isGuest: boolean }
  /** Graph says in so many words that there is no such user. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown'; readonly reason: string };

async function findUsers(
  { graph, patience }: ReadingMeans,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found>> {
  const parts = ids.map((id) => ({ method: 'GET', address: `/users/${id}?$select=id,userType` }) as const);
  const answers = await askAll(graph, { ...asked, parts, signal }, patience);
  return new Map(ids.map((id, index) => [id, foundBy(answers[index], id)]));
}

function foundBy(answer: Answer | undefined, id: string): Found {
  if (answer?.kind === 'object')
    return String(answer.body.id).toLowerCase() === id
      ? { kind: 'there', isGuest: isGuest(answer.body) }
      : { kind: 'unknown', reason: "Graph's answer is about somebody else." };
  if (answer?.kind !== 'error') return { kind: 'unknown', reason: 'Graph gave no answer that can be read.' };
  const { status, code } = answer.error;
  if (status === 404 && code === 'Request_ResourceNotFound') return { kind: 'missing' };
  return { kind: 'unknown', reason: `${new GraphFailure(asked, answer.error).problem}.` };
}

/**
 * An application that has lost its rights might find nobody. So before all of the missing are called absent, although
 * none is among the deleted, somebody else must be found by id.
 */
async function doubtInAbsence(means: ReadingMeans, signal: AbortSignal): Promise<string | undefined> {
  const list = await means.graph.ask({ ...asked, address: '/users?$select=id&$top=1', signal });
  const first: unknown = Array.isArray(list.value) ? list.value[0] : undefined;
  const id: unknown = Object(first).id;
  if (typeof id !== 'string')
    return 'The application sees no user at all, so an absence proves nothing. Check its permissions.';
  const witness = anchorOf(id);
  const seen = (await findUsers(means, [witness], signal)).get(witness);
  return seen?.kind === 'there'
    ? undefined
    : 'The application can not find users by their ids, not even one whom it sees, so an absence proves nothing.';
}
