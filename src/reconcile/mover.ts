/** Somebody who belongs in the org and has a profile: mover or rehire. Pure; every branch gives its reason as a sentence. */
import type { Member } from '../identity/person.ts';
import type { LesserAuthority } from '../identity/rules.ts';
import type { ProfileAttributes } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import { conflict, type Decision, finding, operate, unchanged } from './decision.ts';
import { differences } from './differences.ts';
import { decideJoiner } from './joiner.ts';
import type { LinkedProfile, Surroundings } from './surroundings.ts';
import { conflictOverEmail } from './taken-email.ts';

/** Somebody who belongs in the org and whose profile is known: unchanged, edited or reactivated. */
export function decideMember(
  member: Member,
  link: Link,
  linked: LinkedProfile,
  around: Surroundings,
): Decision {
  const { policy } = around;
  if (linked.kind === 'deleted') {
    if (policy.deletedInOrg === 'create')
      return decideJoiner(member, around, 'Their profile was deleted in the org.', link.invitations);
    return conflict(
      'deleted-in-org',
      link.profileId,
      member,
      'Their profile was deleted in the org by somebody else, and is not made again (lifecycle.deletedInOrg: create would).',
    );
  }
  const { profile } = linked;
  if (profile.profileId === policy.ownProfile) return unchanged;

  const reactivates = !profile.isActive;
  if (
    reactivates &&
    (policy.reactivate === 'never' || (policy.reactivate === 'ours' && !link.deactivatedByUs))
  ) {
    return finding(
      'left',
      member,
      'Their profile was deactivated in the org by somebody else, and is not unblocked by a sync (lifecycle.reactivate: always would).',
    );
  }

  const changes = differences(member.desired, profile, link, policy.authority);
  const taken = conflictOverEmail(member, changes?.after.email, profile.profileId, around);
  if (taken !== undefined) return taken;

  const desired = { ...link.applied, ...withoutSettled(member.desired, link.applied, policy.authority) };
  if (reactivates) {
    return operate(
      'reactivate',
      member,
      profile.profileId,
      'They are back: in scope and active in the source.',
      {
        before: { is_active: false, ...changes?.before },
        after: { is_active: true, ...changes?.after },
        desired,
      },
    );
  }
  if (changes === undefined) return unchanged;
  return operate('edit', member, profile.profileId, whatDiffers(changes.after), {
    ...changes,
    desired,
  });
}

/** Why somebody is edited. */
export const whatDiffers = (after: ProfileAttributes): string =>
  `The source and the profile differ in ${Object.keys(after).join(', ')}.`;

/** Without what was set at creation and is the org's own since: a PUT sends again what was sent then. */
const withoutSettled = (
  desired: ProfileAttributes,
  applied: ProfileAttributes,
  authority: ReadonlyMap<string, LesserAuthority>,
): ProfileAttributes =>
  Object.fromEntries(
    Object.entries(desired).filter(
      ([name]) => authority.get(name) !== 'once' || !Object.hasOwn(applied, name),
    ),
  );
