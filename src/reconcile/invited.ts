/** People whose link has no profile yet: they were invited, or their creation could not be found. Pure. */
import type { Member } from '../identity/person.ts';
import type { Link } from '../store/people/link.ts';
import { type Decision, finding, operate } from './decision.ts';
import type { Surroundings } from './surroundings.ts';
import { conflictOverEmail } from './taken-email.ts';

export function waitsForProfile(member: Member): Decision {
  const reason =
    'They were created, but their profile is not in the listing yet. They are looked for again in the next run.';
  return finding('waiting', member, reason);
}

/** Somebody who was invited and has not accepted: waits, or is invited again once the invitation has expired. */
export function decideInvited(member: Member, link: Link, now: Date, around: Surroundings): Decision {
  const { invite, onboard } = around.policy;
  const waits = 'They were invited and have not accepted yet.';
  const { invitedAt, invitations } = link;
  if (invitedAt === undefined) return finding('waiting', member, waits);
  const expiredAt = new Date(invitedAt.getTime() + invite.expiresMs);
  if (now < expiredAt) return finding('waiting', member, waits);

  const expired = `Their invitation of ${invitedAt.toISOString()} has expired`;
  if (invitations >= invite.atMost) {
    const limit = `it was number ${invitations}, and lifecycle.invite.atMost allows ${invite.atMost}`;
    return finding('waiting', member, `${waits} ${expired}; ${limit}. Ask them, or raise it.`);
  }
  if (invite.again === 'never' || onboard !== 'invite') {
    const mend = '`rollcall invite-again` sends another (lifecycle.invite.again: once-expired would)';
    return finding('waiting', member, `${waits} ${expired}; ${mend}.`);
  }
  // Somebody may have made the profile by hand meanwhile, in a way that can't be told to be theirs.
  const taken = conflictOverEmail(member, member.email, undefined, around);
  if (taken !== undefined) return taken;
  const reason = `${expired}. This is number ${invitations + 1} of at most ${invite.atMost}.`;
  const { desired } = member;
  return operate('invite', member, undefined, reason, { before: {}, after: desired, desired });
}
