/** Linked people whom the reading did not show: what is asked of them, and what follows from the answers. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Link } from '../store/people/link.ts';
import type { Decider } from './decider.ts';
import { type Decision, unchanged } from './decision.ts';
import { departedAs } from './departed.ts';
import { isActive, isThere, type Known, type Listed } from './known.ts';
import { claimedBy } from './pending.ts';
import { isPurgeDue } from './purge.ts';
import type { Absence, Answers, Inquiries, Reconciliation } from './reconciliation.ts';
import { decideAbsent, decideLeaver } from './removal.ts';
import type { Sightings } from './sightings.ts';
import type { LinkedProfile } from './surroundings.ts';
import { isGone, notGone } from './withheld.ts';

/** Whom and what to ask for, now that everybody was seen. */
export function inquiriesAfter({ decisions, pending }: Decider, known: Known): Inquiries {
  const { org, policy } = known.world;
  const waiting = [...pending.values()];
  // Of those who have them now, the presence is asked even if they are inactive.
  const claimed = new Set(waiting.flatMap((what) => claimedBy(what) ?? []));
  // Somebody whose profile is inactive already needs no look-up: there is nothing left to do.
  const missing = [...known.links.values()].filter((link) => {
    if (decisions.has(link.anchor)) return false;
    const listed = known.listed(link);
    const isClaimed = link.profileId !== undefined && claimed.has(link.profileId);
    return listed === 'unlisted' || isActive(listed) || isClaimed || isForgotten(link, listed);
  });
  const unlisted = missing.flatMap((link) =>
    link.profileId !== undefined && known.listed(link) === 'unlisted' ? [link.profileId] : [],
  );
  const awaited = waiting.flatMap((what) => (what.kind === 'unlisted' ? [what.id] : []));
  const unlistedClaims = [...claimed].filter((id) => org.byId(id) === undefined);
  return {
    missing: missing.map((link) => link.anchor),
    unlisted: [...new Set([...awaited, ...unlisted, ...unlistedClaims])],
  };

  function isForgotten(link: Link, listed: Listed): boolean {
    return isThere(listed) && isPurgeDue(link, listed, policy);
  }
}

export interface Unseen extends Pick<Reconciliation, 'newlyAbsent' | 'newlyDeleted'> {
  /** Those who are there after all. */
  readonly returned: readonly Anchor[];
  readonly decisions: ReadonlyMap<Anchor, Decision>;
}

/** What was found out about those who were not seen, and what is to be done about them. */
export function decideUnseen(known: Known, seen: Sightings, answers: Answers): Unseen {
  const { world } = known;
  const { now, absences } = answers;
  const newlyAbsent: Anchor[] = [];
  const newlyDeleted: Anchor[] = [];
  const returned: Anchor[] = [];
  const decisions = new Map<Anchor, Decision>();
  for (const [anchor, absence] of absences) {
    const link = known.links.get(anchor);
    if (link === undefined) continue;
    if (isGone(absence) && link.absentSince === undefined) newlyAbsent.push(anchor);
    if (absence.kind === 'deleted' && link.deletedSince === undefined) newlyDeleted.push(anchor);
    if (absence.kind === 'still-there' && isAway(link)) returned.push(anchor);
    decisions.set(anchor, decided(link, absence));
  }
  // Whoever left by HR's word or an operator's needs no showing: it holds whatever the source tells of them, or does not.
  for (const [anchor, departure] of world.departures) {
    const link = known.links.get(anchor);
    if (link === undefined || seen.seenAs(anchor) !== undefined) continue;
    const leaver = departedAs(link, departure);
    decisions.set(anchor, decideLeaver(leaver, link, profileOf(link), world.policy));
  }
  return { newlyAbsent, newlyDeleted, returned, decisions };

  function profileOf({ profileId }: Link): LinkedProfile | undefined {
    return profileId === undefined ? undefined : known.profileBy(profileId, answers);
  }

  function decided(link: Link, absence: Absence): Decision {
    if (!isGone(absence)) return notGone(link, absence);
    const linked = profileOf(link);
    if (linked === undefined) return unchanged;
    const deletedSince = link.deletedSince ?? (absence.kind === 'deleted' ? now : undefined);
    return decideAbsent({ ...link, deletedSince }, linked, now, world.policy);
  }
}

/** Whether somebody was last heard of as gone. */
export const isAway = (link: Link | undefined): boolean =>
  link !== undefined && (link.absentSince !== undefined || link.deletedSince !== undefined);
