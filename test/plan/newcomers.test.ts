/** Keeping newcomers apart must not be noticed: the plan is the one that a reconciliation of everybody makes, in its order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Person } from '../../src/identity/index.ts';
import { inPlanOrder } from '../../src/plan/freeze/plan-order.ts';
import { guard } from '../../src/plan/guards/guard.ts';
import {
  indexOrg,
  type NewcomerBook,
  newcomerBook,
  nobodyNew,
  type ProposedOperation,
} from '../../src/reconcile/index.ts';
import { anyCase, type Case, situationOf } from '../builders/generated.ts';
import { anchor, leaver, person, skipped } from '../builders/people.ts';
import { policy, type Ran, reconcile, type Situation } from '../builders/run.ts';

/** Addresses that others have as well, or nobody; and one that is another spelling of an earlier one. */
const addresses = fc.oneof(
  fc.constantFrom('p@example.com', 'new@example.com', ' New@Example.com', 'é@example.com'),
  fc.stringMatching(/^[a-z]{1,6}$/).map((name) => `${name}@example.org`),
);

const desired = fc.record(
  {
    username: fc.constantFrom('one', 'TWO', 'nobody'),
    title: fc.string({ unit: 'binary', size: 'max', maxLength: 12 }),
    pin: fc.constantFrom(null, 7, true, '', ['x'], { y: [null] }),
    '10': fc.constantFrom('a', 'b'),
  },
  { requiredKeys: [] },
);

/** People of whom nobody knows anything, as a rule; some come twice. */
const anyNew: fc.Arbitrary<Person> = fc
  .record({
    number: fc.nat({ max: 30 }),
    email: addresses,
    desired,
    employeeNumber: fc.constantFrom(undefined, undefined, '4711'),
    sort: fc.constantFrom('member', 'member', 'member', 'member', 'late', 'out', 'bad'),
  })
  .map(({ number, email, desired: wanted, employeeNumber, sort }) => {
    const id = `new-${number}`;
    if (sort === 'out') return leaver(id, 'out-of-scope');
    if (sort === 'bad') return skipped(id);
    const start = { kind: 'at', at: new Date('2099-01-01'), from: 'startDate' } as const;
    return {
      ...person({
        anchor: id,
        ...{ email, desired: wanted },
        ...(employeeNumber === undefined ? {} : { employeeNumber }),
      }),
      ...(sort === 'late' ? { start } : {}),
    };
  });

const anyWorld: fc.Arbitrary<Situation> = fc
  .record({
    given: anyCase,
    fresh: fc.array(anyNew, { maxLength: 25 }),
    mixing: fc.infiniteStream(fc.boolean()),
    onboard: fc.constantFrom('create', 'invite', 'create-and-invite'),
    correlation: fc.subarray(['email', 'username', 'employee-number'] as const),
  })
  .map(({ given, fresh, mixing, onboard, correlation }) => {
    const situation = situationOf(given satisfies Case);
    return {
      ...situation,
      policy: { ...situation.policy, onboard, correlation },
      people: shuffledInto(situation.people ?? [], fresh, mixing),
    };
  });

function shuffledInto(
  some: readonly Person[],
  others: readonly Person[],
  mixing: Iterator<boolean>,
): readonly Person[] {
  const [one, other] = [[...some], [...others]];
  const all: Person[] = [];
  while (one.length + other.length > 0)
    all.push(...(mixing.next().value === true ? one : other).splice(0, 1));
  return all;
}

/** As a run does it: newcomers go into a book, and all others are reconciled. */
function apart(situation: Situation): { readonly ran: Ran; readonly book: NewcomerBook } {
  const { people = [], links = [], rulings = [], profiles = [] } = situation;
  const tied = new Set(links.map((link) => link.anchor));
  const spokenOf = new Set([
    ...rulings.map((ruling) => ruling.anchor),
    ...(situation.departures ?? []).map((departure) => departure.anchor),
  ]);
  const book = newcomerBook(policy(situation.policy), spokenOf);
  const others: Person[] = [];
  for (const one of people) if (tied.has(one.anchor) || !book.see(one, others.length)) others.push(one);
  const ran = reconcile({ ...situation, people: book.joinedBy(others, indexOrg(profiles)) });
  return { ran, book };
}

const limits = {
  maxDeactivations: { count: 0, percent: 0 },
  maxEdits: { count: 0, percent: 0 },
  maxBlanked: { count: 0, percent: 0 },
};

const holds = (operations: readonly ProposedOperation[], { counts: { linkedActive } }: Ran) =>
  guard(operations, limits, { linkedActive, earlier: [], raised: {} });

describe('whatever the directory and the org', () => {
  test('newcomers who are kept apart make the same plan, in the same order, with the same findings and holds', () => {
    let keptApart = 0;
    fc.assert(
      fc.property(anyWorld, (situation) => {
        const together = reconcile(situation);
        const { ran, book } = apart(situation);
        const plan = [...inPlanOrder(together.operations, nobodyNew)];
        const { operations: _, counts, ...rest } = together;
        const { operations: ofOthers, counts: ofOthersCounts, ...restApart } = ran;
        const added = book.counts();
        keptApart += book.size;

        expect([...inPlanOrder(ofOthers, book)]).toStrictEqual(plan);
        expect(restApart).toEqual(rest);
        expect(holds(ofOthers, ran)).toEqual(holds(together.operations, together));
        expect({
          identities: ofOthersCounts.identities + added.identities,
          inScope: ofOthersCounts.inScope + added.inScope,
          unchanged: ofOthersCounts.unchanged,
          linkedActive: ofOthersCounts.linkedActive,
        }).toEqual(counts);
      }),
      { numRuns: 2_000 },
    );
    expect(keptApart).toBeGreaterThan(2_000);
  });

  test('who is taken out of the newcomers is planned among the others, and nobody twice', () => {
    fc.assert(
      fc.property(anyWorld, fc.array(fc.nat({ max: 30 })), fc.boolean(), (situation, numbers, byAnchor) => {
        const plan = [...inPlanOrder(reconcile(situation).operations, nobodyNew)];
        const { ran, book } = apart(situation);
        const meant = new Set(numbers.map((number) => anchor(`new-${number}`)));
        const before = book.size;

        const taken = byAnchor ? book.takeOut(meant) : book.takeWhere((one) => meant.has(one.anchor));

        expect(taken.every((one) => meant.has(one.anchor))).toBe(true);
        expect(book.size).toBe(before - taken.length);
        expect([...book.operations()].some((one) => meant.has(one.anchor))).toBe(false);
        expect([...inPlanOrder([...ran.operations, ...taken], book)]).toStrictEqual(plan);
      }),
      { numRuns: 1_000 },
    );
  });

  test('where everybody is to be weighed with all others, nobody stays apart', () => {
    fc.assert(
      fc.property(anyWorld, (situation) => {
        const { people = [], links = [] } = situation;
        const tied = new Set(links.map((link) => link.anchor));
        const book = newcomerBook(policy(situation.policy), new Set());
        const others: Person[] = [];
        for (const one of people) if (tied.has(one.anchor) || !book.see(one, others.length)) others.push(one);

        const all = book.joinedByAll(others);

        expect(book.size).toBe(0);
        expect(reconcile({ ...situation, people: all }).operations).toStrictEqual(
          reconcile(situation).operations,
        );
      }),
    );
  });
});
