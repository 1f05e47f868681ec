/** Links that lack their profile: of people who were invited, or whose creation answered without the profile's id. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Profile, ProfileId, UserId } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import type { Holder, Org } from './org.ts';

/** A link that lacked its profile's id, and the profile that turned out to be it. */
export interface ResolvedLink {
  readonly anchor: Anchor;
  readonly profileId: ProfileId;
  readonly userId: UserId | undefined;
}

/**
 * Finds their profiles, once the listing shows them. The user id of a creation is proof; an e-mail address only where it points to one profile, and one person, alone.
 */
export function resolvePending(
  links: readonly Link[],
  org: Org,
  holders: ReadonlyMap<ProfileId, Holder>,
): readonly ResolvedLink[] {
  const found = links.flatMap((link) => {
    if (link.profileId !== undefined) return [];
    const byUser = link.userId === undefined ? undefined : org.byUserId(link.userId);
    const profile = byUser ?? soleProfileWithEmail(org, link);
    if (profile === undefined || holders.has(profile.profileId)) return [];
    const { profileId, userId } = profile;
    return [{ isProven: byUser !== undefined, resolved: { anchor: link.anchor, profileId, userId } }];
  });
  const claims = Map.groupBy(found, (claim) => claim.resolved.profileId);
  return [...claims.values()].flatMap((rivals) => {
    const proven = rivals.filter((claim) => claim.isProven);
    const [winner, ...others] = proven.length > 0 ? proven : rivals;
    return winner !== undefined && others.length === 0 ? [winner.resolved] : [];
  });
}

function soleProfileWithEmail(org: Org, { email, userId }: Link): Profile | undefined {
  if (email === undefined) return undefined;
  const [profile, ...others] = org.find('email', email);
  if (profile === undefined || others.length > 0) return undefined;
  // Another account than the one that was made, such as one that an administrator made in its place.
  const isAnother = userId !== undefined && profile.userId !== undefined && profile.userId !== userId;
  return isAnother ? undefined : profile;
}
