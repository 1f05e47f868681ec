/** One pass over a source's people against the org: a fold that sees people one by one, then closes. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Leaver, Member, Person } from '../identity/person.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { Departure } from '../store/departures/departure.ts';
import type { Link } from '../store/people/link.ts';
import { addressBook, withoutSharedProfiles } from './contested.ts';
import { contradicted } from './contradiction.ts';
import { decideJoiner, decideMember, type LinkedProfile, type Surroundings } from './decide.ts';
import {
  conflict as conflictOf,
  type Decision,
  finding,
  type ProposedOperation,
  unchanged,
} from './decision.ts';
import { departedAs, leaveDateBook } from './departed.ts';
import { emailKey } from './differences.ts';
import { decideInvited, waitsForProfile } from './invited.ts';
import { treated } from './leaving.ts';
import { resolvePending } from './pending-links.ts';
import { type GivenBy, givenFirst, offered, tellingWhose, withOffers } from './precedence.ts';
import { isPurgeDue } from './purge.ts';
import type { Absence, Answers, Inquiries, Reconciliation, Revisit, World } from './reconciliation.ts';
import { decideAbsent, decideLeaver } from './removal.ts';
import { revisitOf } from './revisit.ts';
import { type Adoption, decideRuled, type Holding, leftAlone } from './ruled.ts';
import { goesBefore, isSamePerson, maybeSamePerson, type Predecessor } from './same-person.ts';
import { sightings } from './sightings.ts';
import { handOver, leftToFirst, stillDeparted, takeOver, yielded } from './succession.ts';
import { claimAsKnown, remarkOnUnknown, withoutUnknown } from './unknown-attributes.ts';
import { isGone, notAsked, notGone, withoutRemoval } from './withheld.ts';

/**
 * A reconciliation under way: everybody is seen, then what is not known is asked for, then it is concluded.
 */
export interface Reconciler {
  /** Shows it somebody of the source; the order does not matter. */
  see(person: Person): void;
  /** What must be found out before it can conclude, now that everybody was seen. */
  inquiries(): Inquiries;
  /** What is to be done. It is asked once. */
  conclude(answers: Answers): Reconciliation;
}

/** A linked profile as far as the listing tells: `unlisted` is not yet deleted. */
type Listed = LinkedProfile | 'unlisted' | undefined;

/** Somebody who can be decided about only when everybody was seen and what was asked is answered. */
type Pending =
  | { readonly kind: 'unlisted'; readonly person: Member | Leaver; readonly id: ProfileId }
  | { readonly kind: 'invited'; readonly member: Member; readonly link: Link }
  | { readonly kind: 'ruled'; readonly member: Member; readonly ruling: Adoption }
  | { readonly kind: 'succeeds'; readonly member: Member; readonly predecessor: Predecessor };

/** A reconciliation to which nobody was shown yet. */
export function reconciler(world: World): Reconciler {
  const { org, policy } = world;
  const resolved = resolvePending(world.links, org, world.holders);
  const resolvedIds = new Map(resolved.map((link) => [link.anchor, link.profileId]));
  const links = new Map(
    world.links.map((link) => [
      link.anchor,
      { ...link, profileId: link.profileId ?? resolvedIds.get(link.anchor) },
    ]),
  );
  const holders = new Map(world.holders);
  for (const { anchor, profileId } of resolved) {
    const link = links.get(anchor);
    holders.set(profileId, {
      source: world.source,
      anchor,
      label: link?.label ?? '',
      employeeNumber: link?.employeeNumber,
      awaySince: link?.leftSince ?? link?.deletedSince ?? link?.absentSince,
      deactivatedByUs: false,
    });
  }
  const around: Surroundings = {
    source: world.source,
    org,
    policy,
    holderOf: (id) => holders.get(id),
    numbered: (employeeNumber, than) =>
      predecessors(employeeNumber).filter(
        ({ holder }) => holder.source !== world.source || holder.anchor !== than.anchor,
      ),
    succeed,
  };

  const decisions = new Map<Anchor, Decision>();
  const returned: Anchor[] = [];
  const pending = new Map<Anchor, Pending>();
  const rulings = new Map(world.rulings.map((ruling) => [ruling.anchor, ruling]));
  const seen = sightings();
  const dueAt = new Map<Anchor, Date>();
  const claims = new Map<Anchor, Omit<Reconciliation['claims'][number], 'unknown'>>();
  const givenBy = new Map<Anchor, GivenBy>();
  let byNumber: ReadonlyMap<string | undefined, readonly Predecessor[]> | undefined;
  const records = { identities: 0, inScope: 0 };
  const dates = leaveDateBook(world.leaveDates);
  const addresses = addressBook(holdsAddress);

  function listed({ profileId }: Link): Listed {
    if (profileId === undefined) return undefined;
    const profile = org.byId(profileId);
    return profile === undefined ? 'unlisted' : { kind: 'there', profile };
  }

  function listedOrAsked(link: Link, { profiles }: Answers): LinkedProfile | undefined {
    const linked = listed(link);
    if (linked !== 'unlisted') return linked;
    return link.profileId === undefined ? undefined : profiles.get(link.profileId);
  }

  function holdsAddress({ anchor, email }: Member): boolean {
    const link = links.get(anchor);
    const linked = link === undefined ? undefined : listed(link);
    if (linked === undefined || linked === 'unlisted' || linked.kind === 'deleted') return false;
    return linked.profile.email !== undefined && emailKey(linked.profile.email) === emailKey(email);
  }

  function judged(person: Person): Decision {
    if (person.kind === 'skipped') return finding('skipped', person, person.reason);
    if (person.kind === 'leaver') return decided(person);
    records.inScope += 1;
    // Who is left alone lays claim to nothing: whoever has the same address can go on.
    if (isIgnored(person.anchor)) return unchanged;
    const { conflict, rival, rivalConflict } = addresses.enter(person);
    if (rival !== undefined && rivalConflict !== undefined) {
      pending.delete(rival.anchor);
      decisions.set(rival.anchor, rivalConflict);
    }
    return conflict ?? decided(person);
  }

  function decided(person: Member | Leaver): Decision {
    const { anchor } = person;
    const link = links.get(anchor);
    const ruling = rulings.get(anchor);
    const isRuled = ruling?.kind === 'adopt' && ruling.profileId !== link?.profileId;
    if (isRuled && person.kind === 'member')
      return waiting(anchor, { kind: 'ruled', member: person, ruling });
    const linked = link === undefined ? undefined : listed(link);
    if (linked === 'unlisted' && link?.profileId !== undefined)
      return waiting(anchor, { kind: 'unlisted', person, id: link.profileId });
    if (linked === undefined && link?.origin === 'invited' && person.kind === 'member')
      return waiting(anchor, { kind: 'invited', member: person, link });
    return decidedWith(person, link, linked === 'unlisted' ? undefined : linked);
  }

  function waiting(anchor: Anchor, what: Pending): Decision {
    pending.set(anchor, what);
    return unchanged;
  }

  function predecessors(employeeNumber: string): readonly Predecessor[] {
    byNumber ??= Map.groupBy(
      [...holders].map(
        ([profileId, holder]): Predecessor => ({ profileId, holder, rule: 'employee-number' }),
      ),
      ({ holder }) => holder.employeeNumber,
    );
    return byNumber.get(employeeNumber) ?? [];
  }

  /** Whether somebody can lose their profile is known when everybody was seen. */
  function succeed(member: Member, predecessor: Predecessor): Decision | undefined {
    const { anchor, label } = member;
    const { profileId, holder } = predecessor;
    if (!isSamePerson(member, predecessor, world.source, policy)) {
      if (maybeSamePerson(member, predecessor, world.source))
        claims.set(anchor, { anchor, label, profileId, isSamePerson: false, offers: {} });
      return undefined;
    }
    if (profileId === policy.ownProfile) return undefined;
    if (holder.source !== world.source) {
      const offers = offered(member.desired, world.source, policy.precedence);
      claims.set(anchor, { anchor, label, profileId, isSamePerson: true, offers });
    }
    return waiting(anchor, { kind: 'succeeds', member, predecessor });
  }

  function succeeded(member: Member, { profileId, holder, rule }: Predecessor, answers: Answers): Decision {
    if (holder.hasDeparted === true) return stillDeparted(member, holder);
    const found = listedOr(profileId, answers);
    if (found === undefined) return notAsked(member, profileId);
    const how = rule === 'employee-number' ? `employee number ${member.employeeNumber}` : rule;
    if (found.kind === 'deleted')
      return conflictOf(
        'deleted-in-org',
        profileId,
        member,
        `Their profile ${profileId}, which ${holder.label} of source ${holder.source} had (the same ${how}), was deleted in the org by somebody else, and is not made again.`,
      );
    if (holder.source === world.source) {
      const holding = holdingOf(profileId, answers);
      const leads = `Their ${how} leads to profile ${profileId}.`;
      if (holding.kind === 'held')
        return conflictOf('same-employee-number', profileId, member, `${leads} ${holding.reason}`);
      if (holding.kind === 'unknown')
        return finding('waiting', member, `${leads} They wait: ${holding.reason}`);
      const reason = `They are back under another id, by their ${how}: profile ${profileId} was that of ${holder.label}, who is gone. That tie ends with this.`;
      return takeOver(withGiven(member, profileId), found.profile, reason, holder, around);
    }
    const isAway = holder.awaySince !== undefined;
    if (!isAway && !goesBefore(world.source, holder.source, policy)) {
      const offers = claims.get(member.anchor)?.offers ?? {};
      return leftToFirst(member, holder, givenFirst(offers, world.source, holder.source, policy.precedence));
    }
    const why = isAway
      ? `which says since ${holder.awaySince.toISOString()} that they left or are gone`
      : 'which comes after this one';
    const reason = `Their profile ${profileId} passes to this source, by their ${how}: ${holder.label} had it in source ${holder.source}, ${why}.`;
    return takeOver(member, found.profile, reason, holder, around);
  }

  /** The person as the profile is to show them, whichever source each value is from. */
  function withGiven(member: Member, profileId: ProfileId): Member {
    const offers = world.offers.get(profileId) ?? [];
    const given = withOffers(member, world.source, offers, policy.precedence);
    givenBy.set(member.anchor, given.givenBy);
    return given.member;
  }

  const isIgnored = (anchor: Anchor): boolean => rulings.get(anchor)?.kind === 'ignore';

  function decidedWith(
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

  function decidedAbsence(link: Link, absence: Absence, answers: Answers): Decision {
    if (!isGone(absence)) return notGone(link, absence);
    const deletedSince = link.deletedSince ?? (absence.kind === 'deleted' ? answers.now : undefined);
    const known = listedOrAsked(link, answers);
    return known === undefined
      ? unchanged
      : decideAbsent({ ...link, deletedSince }, known, answers.now, policy);
  }

  function resumed(what: Pending, answers: Answers): Decision {
    switch (what.kind) {
      case 'unlisted': {
        const { person, id } = what;
        const linked = answers.profiles.get(id);
        return linked === undefined
          ? notAsked(person, id)
          : decidedWith(person, links.get(person.anchor), linked);
      }
      case 'invited':
        return decideInvited(what.member, what.link, answers.now, around);
      case 'ruled': {
        const { member, ruling } = what;
        const ruled = listedOr(ruling.profileId, answers);
        return ruled === undefined
          ? notAsked(member, ruling.profileId)
          : decideRuled(
              withGiven(member, ruling.profileId),
              ruling,
              ruled,
              holdingOf(ruling.profileId, answers),
              around,
            );
      }
      case 'succeeds':
        return succeeded(what.member, what.predecessor, answers);
      default:
        return what satisfies never;
    }
  }

  function listedOr(id: ProfileId, { profiles }: Answers): LinkedProfile | undefined {
    const profile = org.byId(id);
    return profile === undefined ? profiles.get(id) : { kind: 'there', profile };
  }

  function holdingOf(id: ProfileId, answers: Answers): Holding {
    const holder = holders.get(id);
    if (holder === undefined) return { kind: 'free' };
    const held = (why: string): Holding => ({
      kind: 'held',
      reason: `But it is that of ${holder.label}, ${why}`,
    });
    const link = links.get(holder.anchor);
    if (holder.source !== world.source || link === undefined)
      return held(`of source ${holder.source}. Let one source alone have this person in its scope.`);
    if (isIgnored(holder.anchor)) return held('who is to be left alone (`rollcall unignore` ends that).');
    const unknown = (reason: string): Holding => ({ kind: 'unknown', reason });
    switch (seen.seenAs(holder.anchor)) {
      case 'member':
        return held('who is there and active in the source. Mend it there first.');
      case 'leaver':
        return { kind: 'released', holder };
      case 'skipped':
        return unknown(`the record of ${holder.label}, who has the profile now, can't be used.`);
    }
    const absence = answers.absences.get(holder.anchor);
    if (absence !== undefined && isGone(absence)) return { kind: 'released', holder };
    if (absence?.kind === 'still-there') return held('who is there when asked for by their id.');
    const why = absence?.reason ?? answers.incomplete ?? 'The source gave no answer.';
    return unknown(`nobody can say whether ${holder.label}, who has the profile now, is gone. ${why}`);
  }

  /** Whoever left by HR's word or an operator's needs no showing: it holds whatever the source tells of them, or does not. */
  const decidedDeparture = (link: Link, departure: Departure, answers: Answers): Decision =>
    decideLeaver(departedAs(link, departure), link, listedOrAsked(link, answers), policy);

  /** A removal as the way in which they left has it. */
  function asTreated(anchor: Anchor, decision: Decision, { now, absences }: Answers): Decision {
    const link = links.get(anchor);
    const absence = absences.get(anchor)?.kind;
    const isDeleted = absence === 'deleted' || (absence === 'gone' && link?.deletedSince !== undefined);
    const way = seen.wayOf(anchor) ?? (isDeleted ? 'deleted' : absence === 'gone' ? 'absent' : undefined);
    if (link === undefined || way === undefined) return decision;
    const times = { deleted: link.deletedSince, absent: link.absentSince };
    const since = (way === 'deleted' || way === 'absent' ? times[way] : link.leftSince) ?? now;
    const outcome = treated(decision, way, since, now, policy.leaver);
    if (outcome.due !== undefined) dueAt.set(anchor, outcome.due);
    return outcome.decision;
  }

  /** Nobody was seen, or heard of by their id; or the source's word counts for nothing, or the profile could not be asked for. */
  function isSilentOn(anchor: Anchor, { incomplete, absences, profiles }: Answers): boolean {
    if (isIgnored(anchor) || world.departures.has(anchor)) return false;
    const what = pending.get(anchor);
    if (what?.kind === 'unlisted' && !profiles.has(what.id)) return true;
    const shownAs = seen.seenAs(anchor);
    if (shownAs === undefined) return incomplete !== undefined || absences.get(anchor)?.kind === 'unknown';
    return shownAs === 'leaver' && incomplete !== undefined;
  }

  const isForgotten = (link: Link, linked: Listed): boolean =>
    linked !== undefined &&
    linked !== 'unlisted' &&
    linked.kind === 'there' &&
    isPurgeDue(link, linked.profile, policy);

  /** Profiles that operators gave to somebody: of those who have them now, the presence is asked even if they are inactive. */
  const claimed = (): ReadonlySet<ProfileId> =>
    new Set(
      [...pending.values()].flatMap((what) => {
        if (what.kind === 'ruled') return [what.ruling.profileId];
        return what.kind === 'succeeds' ? [what.predecessor.profileId] : [];
      }),
    );

  return {
    see(shown) {
      records.identities += 1;
      if (decisions.has(shown.anchor)) return;
      dates.see(shown);
      const departure = world.departures.get(shown.anchor);
      const person = departure === undefined ? shown : departedAs(shown, departure);
      const link = links.get(person.anchor);
      seen.see(shown, person, link);
      if (isAway(link)) returned.push(person.anchor);
      decisions.set(person.anchor, judged(person));
    },

    inquiries() {
      // Somebody whose profile is inactive already needs no look-up: there is nothing left to do.
      const wanted = claimed();
      const missing = [...links.values()].filter((link) => {
        const linked = listed(link);
        const isClaimed = link.profileId !== undefined && wanted.has(link.profileId);
        const isWanted = linked === 'unlisted' || isActive(linked) || isClaimed || isForgotten(link, linked);
        return !decisions.has(link.anchor) && isWanted;
      });
      const unlisted = missing.flatMap((link) =>
        link.profileId !== undefined && listed(link) === 'unlisted' ? [link.profileId] : [],
      );
      const awaited = [...pending.values()].flatMap((what) => (what.kind === 'unlisted' ? [what.id] : []));
      const unlistedClaims = [...wanted].filter((id) => org.byId(id) === undefined);
      return {
        missing: missing.map((link) => link.anchor),
        unlisted: [...new Set([...awaited, ...unlisted, ...unlistedClaims])],
      };
    },

    conclude(answers) {
      // Whoever turns out to be somebody else's successor only now comes last.
      for (const [anchor, what] of pending) {
        const decision = resumed(what, answers);
        const late = pending.get(anchor);
        decisions.set(anchor, late === what || late === undefined ? decision : resumed(late, answers));
      }
      const newlyAbsent: Anchor[] = [];
      const newlyDeleted: Anchor[] = [];
      for (const [anchor, absence] of answers.absences) {
        const link = links.get(anchor);
        if (link === undefined) continue;
        if (isGone(absence) && link.absentSince === undefined) newlyAbsent.push(anchor);
        if (absence.kind === 'deleted' && link.deletedSince === undefined) newlyDeleted.push(anchor);
        if (absence.kind === 'still-there' && isAway(link)) returned.push(anchor);
        decisions.set(anchor, decidedAbsence(link, absence, answers));
      }
      for (const [anchor, departure] of world.departures) {
        const link = links.get(anchor);
        if (link !== undefined && seen.seenAs(anchor) === undefined)
          decisions.set(anchor, decidedDeparture(link, departure, answers));
      }

      for (const ruling of rulings.values())
        if (ruling.kind === 'ignore')
          decisions.set(ruling.anchor, leftAlone(ruling, decisions.get(ruling.anchor) ?? unchanged));

      const isRuled = ({ anchor }: ProposedOperation): boolean => pending.get(anchor)?.kind === 'ruled';
      const settled = withoutSharedProfiles([...decisions.values()], isRuled);
      const anchors = [...decisions.keys()];
      const yields = handOver(anchors, settled).map((decision, index) => {
        const anchor = anchors[index];
        const hasLeft = anchor !== undefined && world.departures.has(anchor);
        const allowed = withoutRemoval(decision, answers.incomplete, hasLeft);
        // Whoever has left by HR's word has left at once, and wherever they are.
        if (hasLeft || anchor === undefined) return { decision: allowed };
        const asConfigured = asTreated(anchor, allowed, answers);
        const claimOf = (id: ProfileId) => world.claims.get(id);
        return yielded(contradicted(asConfigured, claimOf, answers.now), claimOf, answers.now);
      });
      const known = yields.map(({ decision }) => decision);
      const all = known.map((decision, index) => {
        const anchor = anchors[index];
        const sure = withoutUnknown(decision, answers.unknown, (one) => links.get(one));
        return tellingWhose(sure, anchor === undefined ? undefined : givenBy.get(anchor));
      });
      const active = [...links.values()].filter((link) => isActive(listed(link)));
      const silentOn = [...links.keys()].filter((anchor) => isSilentOn(anchor, answers));
      return {
        operations: all.flatMap((decision) => (decision.kind === 'operate' ? [decision.operation] : [])),
        findings: [
          ...all.flatMap((decision) => (decision.kind === 'finding' ? [decision.finding] : [])),
          ...known.flatMap((decision) => remarkOnUnknown(decision, answers.unknown) ?? []),
        ],
        resolved,
        newlyAbsent,
        returned,
        newlyDeleted,
        ...seen.notes(answers.incomplete),
        claims: [...claims.values()].map((claim) => claimAsKnown(claim, answers.unknown)),
        yieldedTo: yields.flatMap(({ to }) => to ?? []),
        revisits: anchors.flatMap((anchor, index): readonly Revisit[] => {
          const decision = all[index] ?? unchanged;
          const notBefore = dueAt.get(anchor);
          if (notBefore !== undefined) return [{ anchor, notBefore }];
          if (decision.kind === 'unchanged' && seen.leavesAt(anchor) === undefined) return [];
          const standing = {
            link: links.get(anchor),
            absence: answers.absences.get(anchor),
            seenAs: seen.seenAs(anchor),
            leavesAt: seen.leavesAt(anchor),
          };
          const revisit = revisitOf(anchor, decision, standing, answers.now, policy);
          return revisit === undefined ? [] : [revisit];
        }),
        leaveDates: dates.changes(),
        silentOn,
        unblockedByOthers: active.filter((link) => link.deactivatedByUs).map((link) => link.anchor),
        counts: {
          ...records,
          unchanged: all.filter((decision) => decision.kind === 'unchanged').length,
          linkedActive: active.length,
        },
      };
    },
  };
}

const isAway = (link: Link | undefined): boolean =>
  link !== undefined && (link.absentSince !== undefined || link.deletedSince !== undefined);

const isActive = (linked: Listed): boolean =>
  linked !== undefined && linked !== 'unlisted' && linked.kind === 'there' && linked.profile.isActive;
