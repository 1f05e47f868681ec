/** Somebody who belongs in the org and has no profile yet. Pure; every branch gives its reason as a sentence. */
import type { Member } from '../identity/person.ts';
import type { Profile } from '../profile-api/profile.ts';
import { conflict, type Decision, finding, operate } from './decision.ts';
import { differences } from './differences.ts';
import type { Holder, ProfileRule } from './org.ts';
import type { Policy } from './policy.ts';
import type { Surroundings } from './surroundings.ts';
import { conflictOverEmail } from './taken-email.ts';

const isNew = 'They are in scope and have no profile yet.';

/**
 * Somebody who belongs in the org and has no link, or none that leads to a profile: adopted, created or invited.
 *
 * @param invitations - how many they have had already
 */
export function decideJoiner(
  member: Member,
  around: Surroundings,
  reason = isNew,
  invitations = 0,
): Decision {
  for (const rule of around.policy.correlation) {
    if (rule === 'employee-number') {
      const succession = decideByNumber(member, around);
      if (succession !== undefined) return succession;
      continue;
    }
    const value = rule === 'email' ? member.email : member.desired.username;
    if (typeof value !== 'string' || value === '') continue;
    const found = around.org.find(rule, value);
    const [first, ...others] = found;
    if (first === undefined) continue;
    if (others.length > 0) {
      const ids = found.map((profile) => profile.profileId).join(', ');
      return conflict(
        'several-profiles',
        undefined,
        member,
        `${found.length} profiles have the ${rule} ${value} (${ids}). Merge or rename them in the org, so that one is left.`,
      );
    }
    return adoptOrConflict(member, first, rule, around);
  }
  // Where correlation does not go by e-mail, there may still be a profile with it.
  const taken = conflictOverEmail(member, member.email, undefined, around);
  return taken ?? notYet(member, around.policy) ?? onboard(member, around.policy, reason, invitations);
}

/** Somebody who had another id before, by the number that both ids have. */
function decideByNumber(member: Member, around: Surroundings): Decision | undefined {
  const { employeeNumber } = member;
  if (employeeNumber === undefined) return undefined;
  const [predecessor, ...others] = around.numbered(employeeNumber, member);
  if (predecessor === undefined) return undefined;
  if (others.length === 0) return around.succeed(member, predecessor);
  const ids = [predecessor, ...others].map(({ profileId }) => profileId).join(', ');
  return conflict(
    'several-profiles',
    undefined,
    member,
    `${others.length + 1} profiles are of people with the employee number ${employeeNumber} (${ids}). Mend the number in the source, or say which profile is theirs.`,
  );
}

function adoptOrConflict(
  member: Member,
  profile: Profile,
  rule: ProfileRule,
  around: Surroundings,
): Decision {
  const holder = around.holderOf(profile.profileId);
  if (holder !== undefined) {
    const succession = around.succeed(member, { profileId: profile.profileId, holder, rule });
    if (succession !== undefined) return succession;
    const kind = rule === 'email' ? 'email-held-by-other-person' : 'username-held-by-other-person';
    return conflict(kind, profile.profileId, member, heldBySomebodyElse(rule, member, profile, holder));
  }
  if (profile.profileId === around.policy.ownProfile) {
    return finding(
      'left',
      member,
      "Their profile is the account of Rollcall's own API key, which is never changed.",
    );
  }
  const changes = differences(
    member.desired,
    profile,
    { applied: {}, unkept: {} },
    around.policy.authority,
  ) ?? {
    before: {},
    after: {},
  };
  const taken = conflictOverEmail(member, changes.after.email, profile.profileId, around);
  if (taken !== undefined) return taken;
  const reactivates = !profile.isActive && around.policy.reactivate === 'always';
  return operate('adopt', member, profile.profileId, `Their profile was found by ${rule}.`, {
    before: reactivates ? { is_active: false, ...changes.before } : changes.before,
    after: reactivates ? { is_active: true, ...changes.after } : changes.after,
    desired: member.desired,
  });
}

/** Somebody whose first day is still to come, or can't be known. */
function notYet(member: Member, { joinEarly }: Policy): Decision | undefined {
  const { start } = member;
  if (start === undefined) return undefined;
  if (start.kind === 'unreadable') {
    const reason = `They have no profile, and get none: their first day is not clear, since ${start.from} is not ${start.expected}. Mend it in the source.`;
    return finding('skipped', member, reason);
  }
  if (start.at <= joinEarly.before) return undefined;
  const until = new Date(start.at.getTime() - joinEarly.ms);
  const early =
    joinEarly.ms === 0 ? '' : `, and lifecycle.joinEarly lets them join on ${until.toISOString()}`;
  const reason = `They are in scope, and have no profile yet: their first day is ${start.at.toISOString()} (${start.from})${early}.`;
  return finding('waiting', member, reason, until);
}

/** Somebody who gets a profile of their own, whatever else there is in the org. */
export function onboard(
  member: Member,
  { onboard: how, invite }: Pick<Policy, 'onboard' | 'invite'>,
  reason = isNew,
  invitations = 0,
): Decision {
  const { desired } = member;
  const values = { before: {}, after: desired, desired };
  if (how === 'create') return operate('create', member, undefined, reason, values);
  const isSpent = invitations >= invite.atMost;
  const limit = `${invitations} invitations were sent to them, and lifecycle.invite.atMost allows ${invite.atMost}`;
  if (how === 'invite')
    return isSpent
      ? finding('waiting', member, `${reason} ${limit}. Ask them, or raise it.`)
      : operate('invite', member, undefined, reason, values);
  return isSpent
    ? operate('create', member, undefined, `${reason} They are not invited to it: ${limit}.`, values)
    : operate('create', member, undefined, `${reason} They are invited to it once it is made.`, {
        ...values,
        invites: true,
      });
}

function heldBySomebodyElse(rule: ProfileRule, member: Member, profile: Profile, holder: Holder): string {
  const isSameNumber = member.employeeNumber !== undefined && member.employeeNumber === holder.employeeNumber;
  const hint = isSameNumber
    ? ' Both have the same employee number: employee-number in correlation would take them for one person.'
    : '';
  return `The profile with their ${rule} (${profile.profileId}) belongs to ${holder.label} of source ${holder.source}. If the address was passed on, free it in the org first.${hint}`;
}
