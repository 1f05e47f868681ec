/** Who has to be looked at again though nothing changes in their own record, and when. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Member } from '../identity/person.ts';
import type { Link } from '../store/people/link.ts';
import type { Decision } from './decision.ts';
import type { Policy } from './policy.ts';
import type { Absence, Revisit } from './reconciliation.ts';

/** What waits for somebody else's record, or for somebody to mend it, is looked at again after this time at the latest. */
const recheckMs = 3_600_000;

/** Leave dates further away are left to the whole readings in between. */
const horizonMs = 32 * 24 * 3_600_000;

/** What is known of somebody besides what was decided. */
export interface Standing {
  readonly link: Link | undefined;
  /** What the look-up of somebody missing told. */
  readonly absence: Absence | undefined;
  /** As whom the source shows them; undefined for whoever was not seen. */
  readonly seenAs: 'member' | 'leaver' | 'skipped' | undefined;
  readonly leavesAt: Member['leavesAt'];
}

/** @returns undefined where this word is the last one until something changes; an operation is its own reminder */
export function revisitOf(
  anchor: Anchor,
  decision: Decision,
  standing: Standing,
  now: Date,
  policy: Policy,
): Revisit | undefined {
  const at = (time: number): Revisit => ({ anchor, notBefore: new Date(time) });
  if (decision.kind === 'operate') return undefined;
  if (decision.kind === 'unchanged') {
    const { leavesAt } = standing;
    const isSoon = leavesAt !== undefined && leavesAt.getTime() - now.getTime() <= horizonMs;
    return isSoon ? at(leavesAt.getTime()) : undefined;
  }
  switch (decision.finding.kind) {
    case 'conflict':
    case 'skipped':
      return { ...at(now.getTime() + recheckMs), soonerOnceMoved: true };
    case 'left':
      // Shown by the look-up and not by the reading: the next one tells.
      return standing.absence?.kind === 'still-there' ? { anchor } : undefined;
    case 'waiting':
      if (decision.finding.until !== undefined) return at(decision.finding.until.getTime());
      return waiting(anchor, standing, now, policy);
    default:
      return decision.finding satisfies never;
  }
}

function waiting(
  anchor: Anchor,
  { link, absence, seenAs }: Standing,
  now: Date,
  { graceMs, invite }: Policy,
): Revisit | undefined {
  if (absence?.kind === 'gone' && link?.deletedSince === undefined) {
    const due = (link?.absentSince ?? now).getTime() + graceMs;
    return { anchor, notBefore: new Date(due) };
  }
  const isInvited = link?.origin === 'invited' && link.profileId === undefined;
  if (!isInvited || link.invitedAt === undefined) return { anchor };
  // That somebody has accepted is seen in the org, by whole readings; and nobody accepts what has expired.
  const expires = new Date(link.invitedAt.getTime() + invite.expiresMs);
  if (now >= expires) return undefined;
  return seenAs === 'leaver' ? { anchor } : { anchor, notBefore: expires };
}
