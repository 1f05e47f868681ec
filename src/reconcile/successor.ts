/** Somebody whom a rule leads to the profile that the same person had under another id. Pure. */
import type { Member } from '../identity/person.ts';
import type { ProfileAttributes } from '../profile-api/profile.ts';
import { conflict, type Decision, finding } from './decision.ts';
import type { Holding } from './holding.ts';
import { givenFirst } from './precedence.ts';
import { goesBefore, type Predecessor } from './same-person.ts';
import { leftToFirst, stillDeparted, takeOver } from './succession.ts';
import type { LinkedProfile, Surroundings } from './surroundings.ts';
import { notAsked } from './withheld.ts';

/**
 * The profile becomes theirs, or why it does not.
 *
 * @param found - the profile; undefined where it could not be asked for
 * @param holding - whether the other id can lose it, where it is of this source
 * @param offers - what this source could give to the profile, where another one has it
 */
export function decideSuccessor(
  member: Member,
  predecessor: Predecessor,
  found: LinkedProfile | undefined,
  holding: Holding,
  offers: ProfileAttributes,
  around: Surroundings,
): Decision {
  const { profileId, holder, rule } = predecessor;
  if (holder.hasDeparted === true) return stillDeparted(member, holder);
  if (found === undefined) return notAsked(member, profileId);
  const how = rule === 'employee-number' ? `employee number ${member.employeeNumber}` : rule;
  if (found.kind === 'deleted')
    return conflict(
      'deleted-in-org',
      profileId,
      member,
      `Their profile ${profileId}, which ${holder.label} of source ${holder.source} had (the same ${how}), was deleted in the org by somebody else, and is not made again.`,
    );
  if (holder.source === around.source) {
    const leads = `Their ${how} leads to profile ${profileId}.`;
    if (holding.kind === 'held')
      return conflict('same-employee-number', profileId, member, `${leads} ${holding.reason}`);
    if (holding.kind === 'unknown')
      return finding('waiting', member, `${leads} They wait: ${holding.reason}`);
    const reason = `They are back under another id, by their ${how}: profile ${profileId} was that of ${holder.label}, who is gone. That tie ends with this.`;
    return takeOver(member, found.profile, reason, holder, around);
  }
  const isAway = holder.awaySince !== undefined;
  if (!isAway && !goesBefore(around.source, holder.source, around.policy)) {
    const given = givenFirst(offers, around.source, holder.source, around.policy.precedence);
    return leftToFirst(member, holder, given);
  }
  const why = isAway
    ? `which says since ${holder.awaySince.toISOString()} that they left or are gone`
    : 'which comes after this one';
  const reason = `Their profile ${profileId} passes to this source, by their ${how}: ${holder.label} had it in source ${holder.source}, ${why}.`;
  return takeOver(member, found.profile, reason, holder, around);
}
