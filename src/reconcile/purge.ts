/** Profiles of people who are long gone: deleted where the configuration asks for it, and somebody approves. Pure. */
import type { Profile, ProfileId } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import { type Decision, operate, type Subject, unchanged } from './decision.ts';
import { emailKey } from './differences.ts';

/** Whose profiles are deleted, and whose never. */
export interface PurgePolicy {
  /** Profiles that Rollcall deactivated before this time are deleted; undefined where none ever is. */
  readonly purgeBefore: Date | undefined;
  /** Profile ids and e-mail addresses (in lower case) that are never deactivated, and never deleted. */
  readonly protected: ReadonlySet<string>;
  /** The API key's own account: never changed at all. */
  readonly ownProfile: ProfileId | undefined;
}

/** Whether a profile is to go if its person is gone: inactive, by Rollcall's own doing alone, and long enough. */
export function isPurgeDue(link: Link, profile: Profile, policy: PurgePolicy): boolean {
  const { purgeBefore, ownProfile } = policy;
  if (purgeBefore === undefined || !link.deactivatedByUs || link.deactivatedAt === undefined) return false;
  if (profile.isActive || link.deactivatedAt > purgeBefore) return false;
  return profile.profileId !== ownProfile && !isProtected(profile, link, undefined, policy);
}

/** Deletes the profile of somebody who is out or gone, if its time has come. */
export function decidePurge(
  subject: Subject,
  link: Link,
  profile: Profile,
  reason: string,
  policy: PurgePolicy,
): Decision {
  if (!isPurgeDue(link, profile, policy)) return unchanged;
  const named = { ...subject, email: subject.email ?? profile.email ?? link.email };
  const since = link.deactivatedAt?.toISOString();
  return operate(
    'purge',
    named,
    profile.profileId,
    `${reason} Rollcall deactivated them on ${since}, longer ago than lifecycle.purgeAfter. Deleting is for good: no undo and no restore brings the profile back.`,
    { before: profile.attributes, after: {}, desired: {} },
  );
}

/** Whether the configuration names a profile, by its id or any address that it is known by. */
export function isProtected(
  profile: Profile,
  link: Pick<Link, 'email'>,
  email: string | undefined,
  { protected: names }: Pick<PurgePolicy, 'protected'>,
): boolean {
  const emails = [profile.email, link.email, email].flatMap((one) =>
    one === undefined ? [] : [emailKey(one)],
  );
  return [profile.profileId, ...emails].some((name) => names.has(name));
}
