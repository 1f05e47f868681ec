/** Two sources that say opposite things of one profile, while nobody knows whether they mean one person. Pure. */
import type { ProfileId } from '../profile-api/profile.ts';
import type { Claim } from '../store/people/claim.ts';
import type { Decision } from './decision.ts';
import { isFresh } from './same-person.ts';

/**
 * The deactivation with what another source says against it, for the guard to hold.
 *
 * @param claimOf - which other source has somebody in its scope who may be the same person
 */
export function contradicted(
  decision: Decision,
  claimOf: (profile: ProfileId) => Claim | undefined,
  now: Date,
): Decision {
  if (decision.kind !== 'operate') return decision;
  const { operation } = decision;
  if (operation.kind !== 'deactivate' || operation.profileId === undefined) return decision;
  const claim = claimOf(operation.profileId);
  if (claim === undefined || claim.isSamePerson || !isFresh(claim, now)) return decision;
  const reason = `${operation.reason} But source ${claim.source} has ${claim.label} in its scope (seen ${claim.at.toISOString()}), whose e-mail or username leads to the same profile, and no employee numbers say whether they are one person.`;
  return { kind: 'operate', operation: { ...operation, reason, contradictedBy: claim } };
}
