/** Leaving out those at rest must not be noticed: what is decided is what a reconciliation of everybody decides. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextHash } from '../../src/compact/index.ts';
import type { Person, RecordPrint } from '../../src/identity/index.ts';
import type { Profile } from '../../src/profile-api/index.ts';
import {
  asTied,
  indexOrg,
  inQuestion,
  type LearntRecord,
  type Link,
  printOf,
  restBook,
} from '../../src/reconcile/index.ts';
import { anyCase, type Case, situationOf } from '../builders/generated.ts';
import { carryOut } from '../builders/model.ts';
import { sourceId } from '../builders/people.ts';
import { holderOf, noon, policy, type Ran, reconcile, type Situation } from '../builders/run.ts';

const mapped = ['email', 'name', 'username', 'title', 'phone', 'pin', 'note', 'role'];

const isPlain = (one: Link): boolean =>
  one.profileId !== undefined &&
  !one.exempt &&
  !one.deactivatedByUs &&
  [one.absentSince, one.deletedSince, one.leftSince, one.goneSince].every((since) => since === undefined) &&
  Object.keys(one.unkept).length === 0;

type Turn = 'org' | 'source';

/** In which order both sides come, and how many profiles were listed before already, and showed something else then. */
interface Listing {
  readonly turns: readonly Turn[];
  readonly pageSize: number;
  readonly changedMeanwhile: number;
}

const anyListing: fc.Arbitrary<Listing> = fc.record({
  turns: fc.array(fc.constantFrom<Turn>('org', 'source'), { maxLength: 12 }),
  pageSize: fc.integer({ min: 1, max: 4 }),
  changedMeanwhile: fc.nat({ max: 3 }),
});

const otherwise = (one: Profile): Profile => ({
  ...one,
  isActive: !one.isActive,
  attributes: { ...one.attributes, name: 'Somebody Else', title: 'Something Else' },
});

/** What the source keeps of somebody, which says all that they were judged by. */
function recordOf(person: Person): RecordPrint {
  const { low, high } = new TextHash().of(JSON.stringify(person));
  return { low, high };
}

interface Rested extends Ran {
  readonly stirred: number;
  readonly recalled: number;
  readonly learnt: readonly LearntRecord[];
}

/**
 * As a run does it: links first, then both sides, and a reconciliation of those who are left.
 *
 * @param before - what an earlier run has learnt of records
 */
function restfully(situation: Situation, listing: Listing, before: readonly LearntRecord[] = []): Rested {
  const { people = [], profiles = [], links = [], rulings = [] } = situation;
  const judged = policy(situation.policy);
  const rest = restBook({
    ...{ policy: judged, mapped },
    spokenOf: new Set([
      ...rulings.map(({ anchor }) => anchor),
      ...(situation.departures ?? []).map(({ anchor }) => anchor),
      ...(situation.leaveDates?.keys() ?? []),
    ]),
    given: new Set(situation.offers?.keys()),
    conditions: '',
  });
  for (const one of links) {
    const print = printOf(one);
    // As the store does, which forgets what was known of a link that has changed.
    const known = before.find(({ anchor, print: { low, high } }) =>
      [anchor, low, high].every((part, at) => part === [one.anchor, print.low, print.high][at]),
    );
    rest.tie({ ...one, print, isPlain: isPlain(one), record: known?.record });
  }
  rest.profilesShow(Object.keys(profiles[0]?.attributes ?? {}));
  const kept: Person[] = [];
  const listed = [...profiles.slice(0, listing.changedMeanwhile).map(otherwise), ...profiles];
  const unseen = [...people];
  let recalled = 0;
  /** As a connector does: it asks who is known, and tells them all together. */
  const see = (page: readonly Person[]): readonly Person[] => {
    const [known = [], others = []] = [true, false].map((isKnown) =>
      page.filter((one) => rest.knows(one.anchor, recordOf(one)) === isKnown),
    );
    recalled += known.length;
    const left = others.filter((one) => rest.see(one, recordOf(one)));
    rest.seeAgain(known.map(({ anchor }) => anchor));
    return left;
  };
  // Both sides are read at the same time.
  for (const turn of [
    ...listing.turns,
    ...listed.map((): Turn => 'org'),
    ...unseen.map((): Turn => 'source'),
  ]) {
    if (turn === 'org') rest.list(listed.splice(0, listing.pageSize));
    else kept.push(...see(unseen.splice(0, listing.pageSize)));
  }
  const org = indexOrg(profiles);
  const ofThese = (anchors: ReadonlySet<string>): readonly Link[] =>
    links.filter(({ anchor }) => anchors.has(anchor));
  const own = ofThese(new Set(rest.stirred()));
  const ids = inQuestion(org, kept, own, rulings);
  const numbers = new Set(kept.map(({ employeeNumber }) => employeeNumber));
  const everybody = [
    ...(situation.foreignHolders ?? []),
    ...links.flatMap((one) => (one.profileId === undefined ? [] : [[one.profileId, holderOf(one)] as const])),
  ];
  const held = everybody.filter(
    ([id, { employeeNumber }]) =>
      ids.has(id) || (employeeNumber !== undefined && numbers.has(employeeNumber)),
  );
  for (const [, holder] of held) if (holder.source === sourceId('corp')) rest.stir(holder.anchor);
  const stirred = ofThese(new Set(rest.stirred()));
  const seen: readonly Person[] = stirred.filter(({ anchor }) => rest.wasSeenAsTied(anchor)).map(asTied);
  const ran = reconcile({
    ...situation,
    ...{ people: [...kept, ...seen], links: stirred, foreignHolders: new Map(held) },
  });
  const { counts } = ran;
  const others = rest.counts();
  return {
    ...ran,
    stirred: stirred.length,
    recalled,
    learnt: [...rest.learnt()],
    counts: {
      identities: counts.identities + others.identities,
      inScope: counts.inScope + others.inScope,
      unchanged: counts.unchanged + others.unchanged,
      linkedActive: counts.linkedActive + others.linkedActive,
    },
  };
}

/** Of several others that somebody may be in conflict with, the first is named: which one that is, is a matter of order. */
const namingNobody = <Found extends { readonly reason: string }>(found: Found): Found => ({
  ...found,
  reason: found.reason.replace(/^uid=\w+ has the same|(?<=that of )uid=\w+/, 'somebody'),
});

/** Whatever the order. */
const inOrder = ({ asked, ...ran }: Ran) => {
  const sorted = <Item>(items: readonly Item[]) =>
    [...items].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  return {
    counts: ran.counts,
    missing: sorted(asked.missing),
    unlisted: sorted(asked.unlisted),
    operations: sorted(ran.operations),
    findings: sorted(ran.findings.map(namingNobody)),
    resolved: sorted(ran.resolved),
    revisits: sorted(ran.revisits),
    claims: sorted(ran.claims),
    newlyAbsent: sorted(ran.newlyAbsent),
    returned: sorted(ran.returned),
    newlyLeft: sorted(ran.newlyLeft),
    there: sorted(ran.there),
    numbered: sorted(ran.numbered),
    exemptions: sorted(ran.exemptions),
    silentOn: sorted(ran.silentOn),
    unblockedByOthers: sorted(ran.unblockedByOthers),
    leaveDates: ran.leaveDates,
  };
};

describe('whatever the directory and the org', () => {
  test('who is at rest is not missed: all else is decided as if they had been reconciled too', () => {
    const applied = (given: Case): Case => ({
      ...given,
      model: carryOut(given.model, reconcile(situationOf(given)), noon),
    });

    fc.assert(
      fc.property(anyCase, fc.integer({ min: 0, max: 2 }), anyListing, (given, rounds, listing) => {
        let before = given;
        for (let round = 0; round < rounds; round += 1) before = applied(before);
        const situation = situationOf(before);

        expect(inOrder(restfully(situation, listing))).toEqual(inOrder(reconcile(situation)));
      }),
      { numRuns: 3_000 },
    );
  });

  test('nor is anybody missed whose record is known from an earlier run, of whatever else has changed since', () => {
    const applied = (given: Case): Case => ({
      ...given,
      model: carryOut(given.model, reconcile(situationOf(given)), noon),
    });
    let recalled = 0;

    fc.assert(
      fc.property(anyCase, anyCase, anyListing, anyListing, (given, other, first, second) => {
        const earlier = applied(applied(given));
        const { learnt } = restfully(situationOf(earlier), first);
        const rulings = [...(situationOf(other).rulings ?? [])];
        const changed = { ...situationOf(earlier), rulings };
        for (const situation of [situationOf(earlier), changed, situationOf(applied(earlier))]) {
          const rested = restfully(situation, second, learnt);
          recalled += rested.recalled;

          expect(inOrder(rested)).toEqual(inOrder(reconcile(situation)));
        }
      }),
      { numRuns: 2_000 },
    );
    // Else nothing was tried.
    expect(recalled).toBeGreaterThan(100);
  });
});
