/** One pass over a source's people against the org: a fold that sees people one by one, then closes. Pure. */
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { Leaver, Member, Person } from '../identity/person.ts';
import type { Profile, ProfileId, UserId } from '../profile-api/profile.ts';
import type { Link } from '../store/link.ts';
import {
  decideAbsent,
  decideJoiner,
  decideLeaver,
  decideMember,
  finding,
  type LinkedProfile,
  type Policy,
} from './decide.ts';
import type { Decision, Finding, ProposedOperation } from './decision.ts';
import { emailKey } from './differences.ts';
import type { Holder, Org } from './org.ts';

export interface World {
  readonly source: SourceId;
  readonly org: Org;
  /** The links of this source. */
  readonly links: readonly Link[];
  /** Who holds a profile, by the links of every source. */
  readonly holders: ReadonlyMap<ProfileId, Holder>;
  readonly policy: Policy;
}

/** What a look-up of somebody missing told; `unseen` where nobody may be taken for gone (the reading was incomplete). */
export type Absence =
  | { readonly kind: 'gone' }
  | { readonly kind: 'still-there' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What only I/O can find out, once everybody was seen. */
export interface Inquiries {
  /** Linked people whom the reading did not show: to be looked up by anchor. */
  readonly missing: readonly Anchor[];
  /** Linked profiles that the listing did not show: to be asked for by id. */
  readonly unlisted: readonly ProfileId[];
}

export interface Answers {
  readonly now: Date;
  /** Why nobody may be deactivated on the word of this reading; undefined where it was complete. */
  readonly incomplete: string | undefined;
  readonly absences: ReadonlyMap<Anchor, Absence>;
  /** A profile that could not be asked for has no answer; its person is left alone. */
  readonly profiles: ReadonlyMap<ProfileId, LinkedProfile>;
}

/** A link that lacked its profile's id, and the profile that turned out to be it. */
export interface ResolvedLink {
  readonly anchor: Anchor;
  readonly profileId: ProfileId;
  readonly userId: UserId | undefined;
}

export interface Reconciliation {
  readonly operations: readonly ProposedOperation[];
  readonly findings: readonly Finding[];
  readonly resolved: readonly ResolvedLink[];
  /** Whose absence starts to count now, and whose has ended. */
  readonly newlyAbsent: readonly Anchor[];
  readonly returned: readonly Anchor[];
  /** Whom Rollcall had deactivated, and somebody else has made active again: a later block is not Rollcall's. */
  readonly unblockedByOthers: readonly Anchor[];
  readonly counts: {
    readonly identities: number;
    readonly inScope: number;
    readonly unchanged: number;
    /** Linked people whose profile is active: what the guard's percentages are taken of. */
    readonly linkedActive: number;
  };
}

export interface Reconciler {
  see(person: Person): void;
  inquiries(): Inquiries;
  conclude(answers: Answers): Reconciliation;
}

export function reconciler(world: World): Reconciler {
  const { org, policy } = world;
  const links = new Map(world.links.map((link) => [link.anchor, link]));
  const resolved = resolvePending(world);
  const holders = new Map(world.holders);
  for (const link of resolved) {
    holders.set(link.profileId, {
      source: world.source,
      anchor: link.anchor,
      label: links.get(link.anchor)?.label ?? '',
    });
  }
  const profileIds = new Map(resolved.map((link) => [link.anchor, link.profileId]));
  const around = { org, policy, holderOf: (id: ProfileId) => holders.get(id) };

  const decisions = new Map<Anchor, Decision>();
  const seen = new Set<Anchor>();
  const returned: Anchor[] = [];
  const emails = new Map<string, Member>();
  const awaitingProfile = new Map<ProfileId, Member | Leaver>();
  const records = { identities: 0, inScope: 0 };
  const linkless: Finding[] = [];

  const profileIdOf = (link: Link): ProfileId | undefined => link.profileId ?? profileIds.get(link.anchor);
  const listed = (link: Link): LinkedProfile | 'unlisted' | undefined => {
    const id = profileIdOf(link);
    if (id === undefined) return undefined;
    const profile = org.byId(id);
    return profile === undefined ? 'unlisted' : { kind: 'there', profile };
  };

  function decide(person: Member | Leaver): Decision {
    const link = links.get(person.anchor);
    const linked = link === undefined ? undefined : listed(link);
    if (link !== undefined && linked === 'unlisted') {
      const id = profileIdOf(link);
      if (id !== undefined) awaitingProfile.set(id, person);
      return { kind: 'unchanged' };
    }
    return decideWith(person, link, linked === 'unlisted' ? undefined : linked);
  }

  function decideWith(
    person: Member | Leaver,
    link: Link | undefined,
    linked: LinkedProfile | undefined,
  ): Decision {
    if (person.kind === 'leaver') return decideLeaver(person, link, linked, policy);
    if (link === undefined) return decideJoiner(person, around);
    if (linked === undefined) return waitsForProfile(person, link);
    return decideMember(person, link, linked, around);
  }

  /** Two people with one address: nobody can tell whose it is, so both wait, unless one has it by a link already. */
  function contestedEmail(member: Member): Decision | undefined {
    const key = emailKey(member.email);
    const rival = emails.get(key);
    if (rival === undefined) {
      emails.set(key, member);
      return undefined;
    }
    const conflict = (one: Member, other: Member): Decision =>
      finding(
        'conflict',
        one,
        `${other.label} has the same e-mail address ${member.email}. Mend it in the source; until then neither is created or changed.`,
      );
    if (!holdsEmail(rival)) {
      const id = links.get(rival.anchor)?.profileId;
      if (id !== undefined) awaitingProfile.delete(id);
      decisions.set(rival.anchor, conflict(rival, member));
    }
    return holdsEmail(member) ? undefined : conflict(member, rival);
  }

  function holdsEmail(member: Member): boolean {
    const link = links.get(member.anchor);
    const linked = link === undefined ? undefined : listed(link);
    if (linked === undefined || linked === 'unlisted' || linked.kind === 'deleted') return false;
    return linked.profile.email !== undefined && emailKey(linked.profile.email) === emailKey(member.email);
  }

  return {
    see(person) {
      records.identities += 1;
      if (seen.has(person.anchor)) return;
      seen.add(person.anchor);
      const link = links.get(person.anchor);
      if (link?.absentSince !== undefined) returned.push(person.anchor);
      if (person.kind === 'skipped') {
        decisions.set(person.anchor, finding('skipped', person, person.reason));
        return;
      }
      if (person.kind === 'member') {
        records.inScope += 1;
        const contested = contestedEmail(person);
        if (contested !== undefined) {
          decisions.set(person.anchor, contested);
          return;
        }
      }
      decisions.set(person.anchor, decide(person));
    },

    inquiries() {
      const missing: Anchor[] = [];
      const unlisted = new Set(awaitingProfile.keys());
      for (const link of links.values()) {
        if (seen.has(link.anchor)) continue;
        const linked = listed(link);
        // Somebody whose profile is inactive already needs no look-up: there is nothing left to do.
        if (
          linked === undefined ||
          (linked !== 'unlisted' && (linked.kind === 'deleted' || !linked.profile.isActive))
        )
          continue;
        missing.push(link.anchor);
        if (linked === 'unlisted') {
          const id = profileIdOf(link);
          if (id !== undefined) unlisted.add(id);
        }
      }
      return { missing, unlisted: [...unlisted] };
    },

    conclude({ now, incomplete, absences, profiles }) {
      for (const [id, person] of awaitingProfile) {
        const link = links.get(person.anchor);
        const linked = profiles.get(id);
        const decision =
          linked === undefined
            ? finding(
                'waiting',
                person,
                `Their profile ${id} was not in the listing, and could not be asked for. They are looked at again in the next run.`,
              )
            : decideWith(person, link, linked);
        decisions.set(person.anchor, decision);
      }

      const newlyAbsent: Anchor[] = [];
      for (const [anchor, absence] of absences) {
        const link = links.get(anchor);
        if (link === undefined) continue;
        const subject = { anchor, label: link.label, email: link.email };
        if (absence.kind === 'still-there') {
          if (link.absentSince !== undefined) returned.push(anchor);
          linkless.push({
            kind: 'left',
            ...subject,
            reason:
              'The reading did not show them, but they are there when asked for by their id. They are kept; the source should be looked into.',
          });
          continue;
        }
        if (absence.kind === 'unknown') {
          linkless.push({
            kind: 'waiting',
            ...subject,
            reason: `The reading did not show them, and nobody can say whether they are gone: ${absence.reason}`,
          });
          continue;
        }
        if (link.absentSince === undefined) newlyAbsent.push(anchor);
        const id = profileIdOf(link);
        const linked = listed(link);
        const known = linked === 'unlisted' && id !== undefined ? profiles.get(id) : linked;
        if (known === undefined || known === 'unlisted') continue;
        decisions.set(anchor, decideAbsent(link, known, now, policy));
      }

      const all = withoutSharedProfiles([...decisions.values()]).map((decision) =>
        withoutRemoval(decision, incomplete),
      );
      return {
        operations: all.flatMap((decision) => (decision.kind === 'operate' ? [decision.operation] : [])),
        findings: [
          ...all.flatMap((decision) => (decision.kind === 'finding' ? [decision.finding] : [])),
          ...linkless,
        ],
        resolved,
        newlyAbsent,
        returned,
        unblockedByOthers: [...links.values()].flatMap((link) =>
          link.deactivatedByUs && isActive(listed(link)) ? [link.anchor] : [],
        ),
        counts: {
          ...records,
          unchanged: all.filter((decision) => decision.kind === 'unchanged').length,
          linkedActive: [...links.values()].filter((link) => isActive(listed(link))).length,
        },
      };
    },
  };
}

/** Promise 1: an incomplete reading joins and updates, and removes nobody. */
function withoutRemoval(decision: Decision, incomplete: string | undefined): Decision {
  if (incomplete === undefined || decision.kind !== 'operate' || decision.operation.kind !== 'deactivate')
    return decision;
  return finding(
    'waiting',
    decision.operation,
    `They are not deactivated on the word of an incomplete reading. ${incomplete}`,
  );
}

/** Two people can be found to have one profile, each by a rule of their own: nobody can tell whose it is. */
function withoutSharedProfiles(decisions: readonly Decision[]): readonly Decision[] {
  const adopted = Map.groupBy(
    decisions.flatMap((decision) =>
      decision.kind === 'operate' && decision.operation.kind === 'adopt' ? [decision.operation] : [],
    ),
    (operation) => operation.profileId,
  );
  return decisions.map((decision) => {
    if (decision.kind !== 'operate' || decision.operation.kind !== 'adopt') return decision;
    const { operation } = decision;
    const rival = adopted.get(operation.profileId)?.find((other) => other !== operation);
    if (rival === undefined) return decision;
    return finding(
      'conflict',
      operation,
      `Profile ${operation.profileId} could be theirs as well as that of ${rival.label}. Mend the e-mail or username of one in the source, or of the profile in the org.`,
    );
  });
}

function waitsForProfile(member: Member, link: Link): Decision {
  const reason =
    link.origin === 'invited'
      ? 'They were invited and have not accepted yet.'
      : 'They were created, but their profile is not in the listing yet. They are looked for again in the next run.';
  return finding('waiting', member, reason);
}

/**
 * Profiles of people who were invited, or whose creation answered without the profile's id, once the listing shows them.
 * The user id of a creation is proof; an e-mail address only where it points to one profile, and one person, alone.
 */
function resolvePending({ links, org, holders }: World): readonly ResolvedLink[] {
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

const isActive = (linked: LinkedProfile | 'unlisted' | undefined): boolean =>
  linked !== undefined && linked !== 'unlisted' && linked.kind === 'there' && linked.profile.isActive;
