/** One pass over a source's people against the org: a fold that sees people one by one, then closes. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Leaver, Member, Person } from '../identity/person.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { Link } from '../store/link.ts';
import { addressBook, withoutSharedProfiles } from './contested.ts';
import {
  decideAbsent,
  decideJoiner,
  decideLeaver,
  decideMember,
  finding,
  type LinkedProfile,
} from './decide.ts';
import type { Decision } from './decision.ts';
import { emailKey } from './differences.ts';
import { resolvePending } from './pending-links.ts';
import type { Absence, Answers, Inquiries, Reconciliation, World } from './reconciliation.ts';

export interface Reconciler {
  see(person: Person): void;
  inquiries(): Inquiries;
  conclude(answers: Answers): Reconciliation;
}

/** A linked profile as far as the listing tells: `unlisted` is not yet deleted. */
type Listed = LinkedProfile | 'unlisted' | undefined;

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
    holders.set(profileId, { source: world.source, anchor, label: links.get(anchor)?.label ?? '' });
  }
  const around = { org, policy, holderOf: (id: ProfileId) => holders.get(id) };

  const decisions = new Map<Anchor, Decision>();
  const returned: Anchor[] = [];
  const awaitingProfile = new Map<ProfileId, Member | Leaver>();
  const records = { identities: 0, inScope: 0 };
  const addresses = addressBook(holdsAddress);

  function listed({ profileId }: Link): Listed {
    if (profileId === undefined) return undefined;
    const profile = org.byId(profileId);
    return profile === undefined ? 'unlisted' : { kind: 'there', profile };
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
    const { conflict, rival, rivalConflict } = addresses.enter(person);
    if (rival !== undefined && rivalConflict !== undefined) {
      const id = links.get(rival.anchor)?.profileId;
      if (id !== undefined) awaitingProfile.delete(id);
      decisions.set(rival.anchor, rivalConflict);
    }
    return conflict ?? decided(person);
  }

  function decided(person: Member | Leaver): Decision {
    const link = links.get(person.anchor);
    const linked = link === undefined ? undefined : listed(link);
    if (linked !== 'unlisted') return decidedWith(person, link, linked);
    if (link?.profileId !== undefined) awaitingProfile.set(link.profileId, person);
    return { kind: 'unchanged' };
  }

  function decidedWith(
    person: Member | Leaver,
    link: Link | undefined,
    linked: LinkedProfile | undefined,
  ): Decision {
    if (person.kind === 'leaver') return decideLeaver(person, link, linked, policy);
    if (link === undefined) return decideJoiner(person, around);
    if (linked === undefined) return waitsForProfile(person, link);
    return decideMember(person, link, linked, around);
  }

  function decidedAbsence(link: Link, absence: Absence, { now, profiles }: Answers): Decision {
    if (absence.kind !== 'gone') return notGone(link, absence);
    const linked = listed(link);
    const known =
      linked === 'unlisted' && link.profileId !== undefined ? profiles.get(link.profileId) : linked;
    return known === undefined || known === 'unlisted'
      ? { kind: 'unchanged' }
      : decideAbsent(link, known, now, policy);
  }

  return {
    see(person) {
      records.identities += 1;
      if (decisions.has(person.anchor)) return;
      if (links.get(person.anchor)?.absentSince !== undefined) returned.push(person.anchor);
      decisions.set(person.anchor, judged(person));
    },

    inquiries() {
      // Somebody whose profile is inactive already needs no look-up: there is nothing left to do.
      const missing = [...links.values()].filter((link) => {
        const linked = listed(link);
        return !decisions.has(link.anchor) && (linked === 'unlisted' || isActive(linked));
      });
      const unlisted = missing.flatMap((link) =>
        link.profileId !== undefined && listed(link) === 'unlisted' ? [link.profileId] : [],
      );
      return {
        missing: missing.map((link) => link.anchor),
        unlisted: [...new Set([...awaitingProfile.keys(), ...unlisted])],
      };
    },

    conclude(answers) {
      for (const [id, person] of awaitingProfile) {
        const linked = answers.profiles.get(id);
        const decision =
          linked === undefined ? notAsked(person, id) : decidedWith(person, links.get(person.anchor), linked);
        decisions.set(person.anchor, decision);
      }
      const newlyAbsent: Anchor[] = [];
      for (const [anchor, absence] of answers.absences) {
        const link = links.get(anchor);
        if (link === undefined) continue;
        if (absence.kind === 'gone' && link.absentSince === undefined) newlyAbsent.push(anchor);
        if (absence.kind === 'still-there' && link.absentSince !== undefined) returned.push(anchor);
        decisions.set(anchor, decidedAbsence(link, absence, answers));
      }

      const all = withoutSharedProfiles([...decisions.values()]).map((decision) =>
        withoutRemoval(decision, answers.incomplete),
      );
      const active = [...links.values()].filter((link) => isActive(listed(link)));
      return {
        operations: all.flatMap((decision) => (decision.kind === 'operate' ? [decision.operation] : [])),
        findings: all.flatMap((decision) => (decision.kind === 'finding' ? [decision.finding] : [])),
        resolved,
        newlyAbsent,
        returned,
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

/** Promise 1: an incomplete reading joins and updates, and removes nobody. */
function withoutRemoval(decision: Decision, incomplete: string | undefined): Decision {
  if (incomplete === undefined || decision.kind !== 'operate' || decision.operation.kind !== 'deactivate') {
    return decision;
  }
  const reason = `They are not deactivated on the word of an incomplete reading. ${incomplete}`;
  return finding('waiting', decision.operation, reason);
}

/** Promise 2: whom a reading misses is gone only if a look-up says so. */
function notGone(link: Link, absence: Exclude<Absence, { kind: 'gone' }>): Decision {
  if (absence.kind === 'still-there') {
    const reason =
      'The reading did not show them, but they are there when asked for by their id. They are kept; the source should be looked into.';
    return finding('left', link, reason);
  }
  const reason = `The reading did not show them, and nobody can say whether they are gone: ${absence.reason}`;
  return finding('waiting', link, reason);
}

function notAsked(person: Member | Leaver, id: ProfileId): Decision {
  const reason = `Their profile ${id} was not in the listing, and could not be asked for. They are looked at again in the next run.`;
  return finding('waiting', person, reason);
}

function waitsForProfile(member: Member, link: Link): Decision {
  const reason =
    link.origin === 'invited'
      ? 'They were invited and have not accepted yet.'
      : 'They were created, but their profile is not in the listing yet. They are looked for again in the next run.';
  return finding('waiting', member, reason);
}

const isActive = (linked: Listed): boolean =>
  linked !== undefined && linked !== 'unlisted' && linked.kind === 'there' && linked.profile.isActive;
