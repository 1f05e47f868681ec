/** What is not done, since nobody can know enough for it. Pure. */
import type { Leaver, Member } from '../identity/person.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import { type Decision, finding } from './decision.ts';
import type { Absence } from './reconciliation.ts';

/**
 * Promise 1: an incomplete reading joins and updates, and removes nobody.
 *
 * @param hasLeft - by another word than the reading's
 */
export function withoutRemoval(
  decision: Decision,
  incomplete: string | undefined,
  hasLeft: boolean,
): Decision {
  if (incomplete === undefined || decision.kind !== 'operate') return decision;
  const { kind } = decision.operation;
  if (kind === 'deactivate' && hasLeft) return decision;
  if (kind !== 'deactivate' && kind !== 'purge') return decision;
  const what = kind === 'purge' ? 'Their profile is not deleted' : 'They are not deactivated';
  const reason = `${what} on the word of an incomplete reading. ${incomplete}`;
  return finding('waiting', decision.operation, reason);
}

type Gone = Extract<Absence, { kind: 'gone' | 'deleted' }>;

export const isGone = (absence: Absence): absence is Gone =>
  absence.kind === 'gone' || absence.kind === 'deleted';

/** Promise 2: whom a reading misses is gone only if a look-up says so. */
export function notGone(link: Link, absence: Exclude<Absence, Gone>): Decision {
  if (absence.kind === 'still-there') {
    const reason =
      'The reading did not show them, but they are there when asked for by their id. They are kept; the source should be looked into.';
    return finding('left', link, reason);
  }
  const reason = `The reading did not show them, and nobody can say whether they are gone: ${absence.reason}`;
  return finding('waiting', link, reason);
}

export function notAsked(person: Member | Leaver, id: ProfileId): Decision {
  const reason = `Their profile ${id} was not in the listing, and could not be asked for. They are looked at again in the next run.`;
  return finding('waiting', person, reason);
}
