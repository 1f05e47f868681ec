/** What is known of a source's people before anybody is seen: their links, who holds which profile, and the word of operators. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Member } from '../identity/person.ts';
import type { Profile, ProfileId } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import type { Ruling } from '../store/people/ruling.ts';
import type { Holder } from './org.ts';
import { type ResolvedLink, resolvePending } from './pending-links.ts';
import type { Answers, World } from './reconciliation.ts';
import type { Predecessor } from './same-person.ts';
import type { LinkedProfile } from './surroundings.ts';

/** A linked profile as far as the listing tells: `unlisted` is not yet deleted. */
export type Listed = Profile | 'unlisted' | undefined;

export interface Known {
  readonly world: World;
  /** The links of the source, with the profiles that they turned out to have. */
  readonly links: ReadonlyMap<Anchor, Link>;
  readonly resolved: readonly ResolvedLink[];
  rulingOf(anchor: Anchor): Ruling | undefined;
  /** Whether an operator said that somebody is to be left alone. */
  isIgnored(anchor: Anchor): boolean;
  /** Who holds a profile by a link, in any source. */
  holderOf(profile: ProfileId): Holder | undefined;
  /** Profiles of others with this employee number, in any source. */
  numbered(employeeNumber: string, than: Pick<Member, 'anchor'>): readonly Predecessor[];
  listed(link: Link): Listed;
  /** A profile as it was listed, or as it was asked for; undefined where it could not be asked for. */
  profileBy(id: ProfileId, answers: Answers): LinkedProfile | undefined;
}

export function knownOf(world: World): Known {
  const { source, org } = world;
  const resolved = resolvePending(world.links, org, world.holders);
  const resolvedIds = new Map(resolved.map((link) => [link.anchor, link.profileId]));
  const links = new Map(
    world.links.map((link) => [
      link.anchor,
      { ...link, profileId: link.profileId ?? resolvedIds.get(link.anchor) },
    ]),
  );
  const holders = new Map(world.holders);
  for (const { anchor, profileId, label, employeeNumber } of links.values())
    if (profileId !== undefined && resolvedIds.has(anchor))
      holders.set(profileId, { source, anchor, label, employeeNumber });
  const rulings = new Map(world.rulings.map((ruling) => [ruling.anchor, ruling]));
  let byNumber: ReadonlyMap<string | undefined, readonly Predecessor[]> | undefined;

  function predecessors(employeeNumber: string): readonly Predecessor[] {
    byNumber ??= Map.groupBy(
      [...holders].map(
        ([profileId, holder]): Predecessor => ({ profileId, holder, rule: 'employee-number' }),
      ),
      ({ holder }) => holder.employeeNumber,
    );
    return byNumber.get(employeeNumber) ?? [];
  }

  return {
    world,
    links,
    resolved,
    rulingOf: (anchor) => rulings.get(anchor),
    isIgnored: (anchor) => rulings.get(anchor)?.kind === 'ignore',
    holderOf: (id) => holders.get(id),
    numbered: (employeeNumber, than) =>
      predecessors(employeeNumber).filter(
        ({ holder }) => holder.source !== source || holder.anchor !== than.anchor,
      ),
    listed: ({ profileId }) => (profileId === undefined ? undefined : (org.byId(profileId) ?? 'unlisted')),
    profileBy(id, { profiles }) {
      const profile = org.byId(id);
      return profile === undefined ? profiles.get(id) : { kind: 'there', profile };
    },
  };
}

export const isThere = (listed: Listed): listed is Profile => typeof listed === 'object';

export const isActive = (listed: Listed): boolean => isThere(listed) && listed.isActive;
