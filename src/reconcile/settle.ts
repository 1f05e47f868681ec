/** From what was decided about each person alone to what is done: nobody's profile twice, and no removal that must not be. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { Claim } from '../store/people/claim.ts';
import type { Link } from '../store/people/link.ts';
import { withoutSharedProfiles } from './contested.ts';
import { contradicted } from './contradiction.ts';
import type { Decider } from './decider.ts';
import { type Decision, type Finding, type ProposedOperation, unchanged } from './decision.ts';
import type { Known } from './known.ts';
import { treated, type WayOfLeaving } from './leaving.ts';
import { tellingWhose } from './precedence.ts';
import type { Absence, Answers } from './reconciliation.ts';
import { leftAlone } from './ruled.ts';
import type { Sightings } from './sightings.ts';
import { handOver, yielded } from './succession.ts';
import { remarkOnUnknown, withoutUnknown } from './unknown-attributes.ts';
import { withoutRemoval } from './withheld.ts';

/** What is done about somebody, in the end. */
export interface Settled {
  readonly anchor: Anchor;
  readonly decision: Decision;
  /** What is to be said besides. */
  readonly remark: Finding | undefined;
  /** When a removal is due that their way of leaving puts off. */
  readonly due: Date | undefined;
  /** To whom of another source their profile is to pass. */
  readonly to: Claim | undefined;
}

export function settle(
  decider: Decider,
  known: Known,
  seen: Sightings,
  answers: Answers,
): readonly Settled[] {
  const { world } = known;
  const { now, incomplete, unknown } = answers;
  const decisions = new Map(decider.decisions);
  for (const ruling of world.rulings)
    if (ruling.kind === 'ignore')
      decisions.set(ruling.anchor, leftAlone(ruling, decisions.get(ruling.anchor) ?? unchanged));

  const anchors = [...decisions.keys()];
  const apart = withoutSharedProfiles([...decisions.values()], isRuled);
  return handOver(anchors, apart).flatMap((decision, index) => {
    const anchor = anchors[index];
    if (anchor === undefined) return [];
    const removal = allowed(anchor, decision);
    const sure = withoutUnknown(removal.decision, unknown, (one) => known.links.get(one));
    const remark = remarkOnUnknown(removal.decision, unknown);
    return [{ ...removal, anchor, decision: tellingWhose(sure, decider.givenBy.get(anchor)), remark }];
  });

  function isRuled({ anchor }: ProposedOperation): boolean {
    return decider.pending.get(anchor)?.kind === 'ruled';
  }

  /** The decision, or why a removal is not done, or not yet. */
  function allowed(anchor: Anchor, decision: Decision): Pick<Settled, 'decision' | 'due' | 'to'> {
    const hasLeft = world.departures.has(anchor);
    const complete = withoutRemoval(decision, incomplete, hasLeft);
    // Whoever has left by HR's word has left at once, and wherever they are.
    if (hasLeft) return { decision: complete, due: undefined, to: undefined };
    const { due, decision: configured } = asConfigured(anchor, complete);
    const claimOf = (id: ProfileId) => world.claims.get(id);
    const { to, decision: last } = yielded(contradicted(configured, claimOf, now), claimOf, now);
    return { decision: last, due, to };
  }

  /** A removal as the way in which they left has it. */
  function asConfigured(anchor: Anchor, decision: Decision): ReturnType<typeof treated> {
    const link = known.links.get(anchor);
    if (link === undefined) return { decision };
    const way = seen.wayOf(anchor) ?? wayOfAbsence(link, answers.absences.get(anchor));
    if (way === undefined) return { decision };
    const { leftSince, deletedSince, absentSince } = link;
    const since = {
      disabled: leftSince,
      'out-of-scope': leftSince,
      deleted: deletedSince,
      absent: absentSince,
    };
    return treated(decision, way, since[way] ?? now, now, world.policy.leaver);
  }
}

function wayOfAbsence({ deletedSince }: Link, absence: Absence | undefined): WayOfLeaving | undefined {
  if (absence?.kind === 'deleted') return 'deleted';
  if (absence?.kind !== 'gone') return undefined;
  return deletedSince === undefined ? 'absent' : 'deleted';
}
