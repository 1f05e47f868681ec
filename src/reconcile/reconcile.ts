/** One pass over a source's people against the org: a fold that sees people one by one, then closes. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Person } from '../identity/person.ts';
import { deciderOf } from './decider.ts';
import { departedAs, leaveDateBook } from './departed.ts';
import { isActive, knownOf } from './known.ts';
import type { Answers, Inquiries, Reconciliation, Revisit, World } from './reconciliation.ts';
import { decidePending } from './resume.ts';
import { revisitOf } from './revisit.ts';
import { type Settled, settle } from './settle.ts';
import { sightings } from './sightings.ts';
import { silentOn } from './silence.ts';
import { claimAsKnown } from './unknown-attributes.ts';
import { decideUnseen, inquiriesAfter, isAway } from './unseen.ts';

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

/** A reconciliation to which nobody was shown yet. */
export function reconciler(world: World): Reconciler {
  const known = knownOf(world);
  const decider = deciderOf(known);
  const { decisions } = decider;
  const seen = sightings();
  const dates = leaveDateBook(world.leaveDates);
  const returned: Anchor[] = [];
  const records = { identities: 0, inScope: 0 };

  function revisit({ anchor, decision, due }: Settled, { absences, now }: Answers): Revisit | undefined {
    if (due !== undefined) return { anchor, notBefore: due };
    const standing = {
      link: known.links.get(anchor),
      absence: absences.get(anchor),
      seenAs: seen.seenAs(anchor),
      leavesAt: seen.leavesAt(anchor),
    };
    return revisitOf(anchor, decision, standing, now, world.policy);
  }

  return {
    see(shown) {
      records.identities += 1;
      if (decisions.has(shown.anchor)) return;
      dates.see(shown);
      const departure = world.departures.get(shown.anchor);
      const person = departure === undefined ? shown : departedAs(shown, departure);
      if (person.kind === 'member') records.inScope += 1;
      const link = known.links.get(person.anchor);
      seen.see(shown, person, link);
      if (isAway(link)) returned.push(person.anchor);
      decider.see(person);
    },

    inquiries: () => inquiriesAfter(decider, known),

    conclude(answers) {
      decidePending(decider, known, seen, answers);
      const unseen = decideUnseen(known, seen, answers);
      for (const [anchor, decision] of unseen.decisions) decisions.set(anchor, decision);
      const settled = settle(decider, known, seen, answers);
      const all = settled.map(({ decision }) => decision);
      const active = [...known.links.values()].filter((link) => isActive(known.listed(link)));
      return {
        operations: all.flatMap((decision) => (decision.kind === 'operate' ? [decision.operation] : [])),
        findings: [
          ...all.flatMap((decision) => (decision.kind === 'finding' ? [decision.finding] : [])),
          ...settled.flatMap(({ remark }) => remark ?? []),
        ],
        resolved: known.resolved,
        newlyAbsent: unseen.newlyAbsent,
        returned: [...returned, ...unseen.returned],
        newlyDeleted: unseen.newlyDeleted,
        ...seen.notes(answers.incomplete),
        claims: [...decider.claims.values()].map((claim) => claimAsKnown(claim, answers.unknown)),
        yieldedTo: settled.flatMap(({ to }) => to ?? []),
        revisits: settled.flatMap((one) => revisit(one, answers) ?? []),
        leaveDates: dates.changes(),
        silentOn: silentOn(decider, known, seen, answers),
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
