/** The first word on everybody whom a reading shows: what is to be done, or what it has to wait for. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Leaver, Member, Person } from '../identity/person.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import { addressBook } from './contested.ts';
import { type Decision, finding, unchanged } from './decision.ts';
import { emailKey } from './differences.ts';
import { waitsForProfile } from './invited.ts';
import { decideJoiner } from './joiner.ts';
import { isThere, type Known } from './known.ts';
import { decideMember } from './mover.ts';
import type { Pending } from './pending.ts';
import { type GivenBy, offered, withOffers } from './precedence.ts';
import type { Reconciliation } from './reconciliation.ts';
import { decideLeaver } from './removal.ts';
import { isSamePerson, maybeSamePerson, type Predecessor } from './same-person.ts';
import type { LinkedProfile, Surroundings } from './surroundings.ts';

/** That somebody of this source is, or may be, who has a profile in another one. */
export type OwnClaim = Omit<Reconciliation['claims'][number], 'unknown'>;

export interface Decider {
  /** What was decided about each; later words replace earlier ones. */
  readonly decisions: Map<Anchor, Decision>;
  /** Who still waits for answers, and for which. */
  readonly pending: ReadonlyMap<Anchor, Pending>;
  readonly claims: ReadonlyMap<Anchor, OwnClaim>;
  /** Whose values other than the source's own somebody is given. */
  readonly givenBy: ReadonlyMap<Anchor, GivenBy>;
  readonly around: Surroundings;
  /** Enters the first word on somebody. */
  see(person: Person): void;
  /** The word on somebody whose profile is known; `linked` is undefined where they have none yet. */
  decide(person: Member | Leaver, link: Link | undefined, linked: LinkedProfile | undefined): Decision;
  /** The person as the profile is to show them, whichever source each value is from. */
  withGiven(member: Member, profile: ProfileId): Member;
}

export function deciderOf(known: Known): Decider {
  const { world } = known;
  const { source, org, policy } = world;
  const decisions = new Map<Anchor, Decision>();
  const pending = new Map<Anchor, Pending>();
  const claims = new Map<Anchor, OwnClaim>();
  const givenBy = new Map<Anchor, GivenBy>();
  const addresses = addressBook(holdsAddress);
  const { holderOf, numbered } = known;
  const around: Surroundings = { source, org, policy, holderOf, numbered, succeed };

  function holdsAddress({ anchor, email }: Member): boolean {
    const link = known.links.get(anchor);
    const listed = link === undefined ? undefined : known.listed(link);
    return isThere(listed) && listed.email !== undefined && emailKey(listed.email) === emailKey(email);
  }

  function decided(person: Person): Decision {
    if (person.kind === 'skipped') return finding('skipped', person, person.reason);
    if (person.kind === 'leaver') return decidedIfKnown(person);
    // Who is left alone lays claim to nothing: whoever has the same address can go on.
    if (known.isIgnored(person.anchor)) return unchanged;
    const { conflict, rival, rivalConflict } = addresses.enter(person);
    if (rival !== undefined && rivalConflict !== undefined) {
      pending.delete(rival.anchor);
      decisions.set(rival.anchor, rivalConflict);
    }
    return conflict ?? decidedIfKnown(person);
  }

  function decidedIfKnown(person: Member | Leaver): Decision {
    const { anchor } = person;
    const link = known.links.get(anchor);
    const ruling = known.rulingOf(anchor);
    const isRuled = ruling?.kind === 'adopt' && ruling.profileId !== link?.profileId;
    if (isRuled && person.kind === 'member')
      return waiting(anchor, { kind: 'ruled', member: person, ruling });
    const listed = link === undefined ? undefined : known.listed(link);
    if (listed === 'unlisted' && link?.profileId !== undefined)
      return waiting(anchor, { kind: 'unlisted', person, id: link.profileId });
    if (listed === undefined && link?.origin === 'invited' && person.kind === 'member')
      return waiting(anchor, { kind: 'invited', member: person, link });
    return decide(person, link, isThere(listed) ? { kind: 'there', profile: listed } : undefined);
  }

  function waiting(anchor: Anchor, what: Pending): Decision {
    pending.set(anchor, what);
    return unchanged;
  }

  function decide(
    person: Member | Leaver,
    link: Link | undefined,
    linked: LinkedProfile | undefined,
  ): Decision {
    if (person.kind === 'leaver') return decideLeaver(person, link, linked, policy);
    if (link === undefined) return decideJoiner(person, around);
    if (linked === undefined) return waitsForProfile(person);
    const member = linked.kind === 'there' ? withGiven(person, linked.profile.profileId) : person;
    return decideMember(member, link, linked, around);
  }

  function withGiven(member: Member, profile: ProfileId): Member {
    const offers = world.offers.get(profile) ?? [];
    const given = withOffers(member, source, offers, policy.precedence);
    givenBy.set(member.anchor, given.givenBy);
    return given.member;
  }

  /** Whether somebody can lose their profile is known when everybody was seen. */
  function succeed(member: Member, predecessor: Predecessor): Decision | undefined {
    const { anchor, label } = member;
    const { profileId, holder } = predecessor;
    if (!isSamePerson(member, predecessor, source, policy)) {
      if (maybeSamePerson(member, predecessor, source))
        claims.set(anchor, { anchor, label, profileId, isSamePerson: false, offers: {} });
      return undefined;
    }
    if (profileId === policy.ownProfile) return undefined;
    if (holder.source !== source) {
      const offers = offered(member.desired, source, policy.precedence);
      claims.set(anchor, { anchor, label, profileId, isSamePerson: true, offers });
    }
    return waiting(anchor, { kind: 'succeeds', member, predecessor });
  }

  return {
    decisions,
    pending,
    claims,
    givenBy,
    around,
    see: (person) => void decisions.set(person.anchor, decided(person)),
    decide,
    withGiven,
  };
}
