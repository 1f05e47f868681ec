import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guard, holdOver, isHeldBy } from '../../src/plan/guards/guard.ts';
import type { GuardedOperation } from '../../src/plan/guards/guarded.ts';
import { excessInWords } from '../../src/plan/index.ts';
import type { RaisedGuards } from '../../src/store/schema.ts';
import { anchor, sourceId } from '../builders/people.ts';
import { noon } from '../builders/run.ts';

type Values = GuardedOperation['after'];

const usual = {
  maxDeactivations: { count: 5, percent: 5 },
  maxEdits: { count: 20, percent: 20 },
  maxBlanked: { count: 5, percent: 5 },
};

/** Operations for people with the numbers from `from` on. */
const many = (
  count: number,
  kind: GuardedOperation['kind'],
  { from = 0, before = {}, after = {} }: { from?: number; before?: Values; after?: Values } = {},
): readonly GuardedOperation[] =>
  Array.from({ length: count }, (_, index) => ({
    kind,
    anchor: `id-${from + index}`,
    email: `p${from + index}@example.org`,
    before,
    after,
  }));

const deactivations = (count: number, from = 0) => many(count, 'deactivate', { from });

const among = (
  linkedActive: number,
  earlier: readonly GuardedOperation[] = [],
  raised: RaisedGuards = {},
) => ({ linkedActive, earlier, raised });

const isHeld = (count: number, linkedActive: number, limit: { count: number; percent: number }): boolean =>
  guard(deactivations(count), { ...usual, maxDeactivations: limit }, among(linkedActive)).length > 0;

describe('deactivations are held', () => {
  test.each([
    // count, linked and active, limits, held
    [5, 10, { count: 5, percent: 5 }, false],
    [6, 10, { count: 5, percent: 5 }, true],
    [5, 100, { count: 5, percent: 5 }, false],
    [6, 100, { count: 5, percent: 5 }, true],
    [6, 119, { count: 5, percent: 5 }, true],
    [6, 120, { count: 5, percent: 5 }, false],
    [50, 1_000, { count: 5, percent: 5 }, false],
    [51, 1_000, { count: 5, percent: 5 }, true],
    [0, 0, { count: 0, percent: 0 }, false],
    [1, 0, { count: 0, percent: 100 }, true],
    [1, 0, { count: 1, percent: 0 }, false],
    [1, 1_000, { count: 0, percent: 0 }, true],
    [1_000, 1_000, { count: 0, percent: 100 }, false],
    [1, 1_000, { count: 0, percent: 0.1 }, false],
    [2, 1_000, { count: 0, percent: 0.1 }, true],
    [1, 999, { count: 0, percent: 0.1 }, true],
  ])('%i of %i, %o: %s', (count, linkedActive, limit, held) => {
    expect(isHeld(count, linkedActive, limit)).toBe(held);
  });

  // 10,000 x 0.57 % was taken for 56.99999999999999 people.
  test('at the exact share, whatever fractions of a percent are allowed', () => {
    const hundredths = fc.integer({ min: 0, max: 10_000 });
    const sizes = fc.constantFrom(7, 99, 100, 500, 1_000, 1_234, 10_000);
    fc.assert(
      fc.property(hundredths, sizes, (share, linkedActive) => {
        const allowed = Math.floor((linkedActive * share) / 10_000);
        const limit = { count: 0, percent: share / 100 };

        expect(isHeld(allowed, linkedActive, limit)).toBe(false);
        expect(isHeld(allowed + 1, linkedActive, limit)).toBe(true);
      }),
    );
    expect(isHeld(57, 10_000, { count: 0, percent: 0.57 })).toBe(false);
    expect(isHeld(58, 10_000, { count: 0, percent: 0.57 })).toBe(true);
  });

  test('all of them, and nothing else; the sentence says how many, of how many, and what was allowed', () => {
    const operations = [
      ...deactivations(7),
      ...many(1, 'create', { from: 10 }),
      ...many(1, 'edit', { from: 11, after: { title: 'Head' } }),
      ...many(1, 'reactivate', { from: 12 }),
    ];
    const holds = guard(operations, usual, among(40));

    expect(holds).toEqual([
      {
        guard: 'maxDeactivations',
        kind: 'deactivate',
        count: 7,
        sentence:
          '7 people would be deactivated (17.5 % of 40 linked, active people), more than the 5 that guards.maxDeactivations allows (the larger of 5 people and 5 %).',
      },
    ]);
    expect(isHeldBy(holds, { kind: 'deactivate', anchor: 'id-1', after: {} })).toBe(holds[0]);
    for (const kind of ['create', 'invite', 'adopt', 'edit', 'reactivate'] as const)
      expect(isHeldBy(holds, { kind, anchor: 'id-1', after: {} })).toBeUndefined();
  });

  test('without a share where nobody is linked', () => {
    const [hold] = guard(deactivations(6), usual, among(0));

    expect(hold?.sentence).toMatch(/^6 people would be deactivated, more than the 5 /);
  });

  test('together with those of earlier runs, each person once', () => {
    const earlier = deactivations(4);

    expect(guard(deactivations(1, 4), usual, among(40, earlier))).toEqual([]);
    expect(guard(deactivations(2, 3), usual, among(40, earlier))).toEqual([]);
    const [hold] = guard(deactivations(2, 4), usual, among(40, earlier));
    expect(hold?.sentence).toContain('6 people would be deactivated, counting 4 whom earlier runs concern');
  });

  test('never, where nobody more is to go, whatever was done before', () => {
    expect(guard([], usual, among(40, deactivations(30)))).toEqual([]);
  });

  test('up to what a person has raised the guard to, which the sentence tells', () => {
    expect(guard(deactivations(30), usual, among(40, [], { maxDeactivations: 30 }))).toEqual([]);
    const [hold] = guard(deactivations(31), usual, among(40, [], { maxDeactivations: 30 }));
    expect(hold?.sentence).toContain('more than the 30 that guards.maxDeactivations allows');
    expect(hold?.sentence).toContain('raised to 30 for this run');
  });
});

describe('edits of one attribute are held', () => {
  const retitled = { before: { title: 'Clerk' }, after: { title: 'Head' } };

  test.each([
    [20, 0, false],
    [21, 0, true],
    [21, 104, true],
    [21, 105, false],
    [200, 1_000, false],
    [201, 1_000, true],
  ])('%i of %i: %s', (count, linkedActive, held) => {
    expect(guard(many(count, 'edit', retitled), usual, among(linkedActive)).length > 0).toBe(held);
  });

  test('and no others; the sentence names attribute, number, share and three people', () => {
    const phones = many(3, 'edit', { from: 100, after: { phone: '1' } });
    const both = many(1, 'edit', { from: 200, after: { phone: '2', title: 'Head' } });
    const holds = guard([...many(24, 'edit', retitled), ...both, ...phones], usual, among(50));

    expect(holds).toEqual([
      {
        guard: 'maxEdits',
        kind: 'edit',
        attribute: 'title',
        count: 25,
        sentence:
          'title of 25 people would change (50 % of 50 linked, active people), more than the 20 that guards.maxEdits allows (the larger of 20 people and 20 %). Among them: p0@example.org, p1@example.org, p2@example.org. Look whether mapping.title is right.',
      },
    ]);
    expect([...both, ...phones].map((one) => isHeldBy(holds, one) !== undefined)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('but not adoptions, of which the first run is full', () => {
    expect(guard(many(500, 'adopt', retitled), usual, among(0))).toEqual([]);
  });

  test('nor are many edits of many attributes, each of few people', () => {
    const edits = Array.from({ length: 30 }, (_, index) =>
      many(10, 'edit', { from: index * 10, after: { [`attribute${index}`]: 'new' } }),
    ).flat();

    expect(guard(edits, usual, among(300))).toEqual([]);
  });

  test('with what earlier runs changed of the same attribute', () => {
    const earlier = many(15, 'edit', retitled);

    expect(guard(many(5, 'edit', { ...retitled, from: 15 }), usual, among(50, earlier))).toEqual([]);
    expect(guard(many(6, 'edit', { ...retitled, from: 15 }), usual, among(50, earlier))).toMatchObject([
      { guard: 'maxEdits', count: 21 },
    ]);
    const others = many(6, 'edit', { from: 15, after: { phone: '1' } });
    expect(guard(others, usual, among(50, earlier))).toEqual([]);
  });
});

describe('what empties an attribute is held sooner', () => {
  test.each([[''], ['  '], [null], [[]], [{}]])('where it becomes %j', (nothing) => {
    const emptied = { before: { phone: '1' }, after: { phone: nothing } };

    expect(guard(many(5, 'edit', emptied), usual, among(50))).toEqual([]);
    const [hold] = guard(many(6, 'edit', emptied), usual, among(50));
    expect(hold).toMatchObject({ guard: 'maxBlanked', attribute: 'phone', count: 6 });
    expect(hold?.sentence).toMatch(/^phone of 6 people would be emptied \(12 % of 50 linked/);
  });

  test.each([['edit'], ['adopt'], ['reactivate']] as const)('by whatever does it: %s', (kind) => {
    const emptied = many(6, kind, { before: { phone: '1' }, after: { phone: '' } });
    const holds = guard(emptied, usual, among(0));

    expect(holds).toMatchObject([{ guard: 'maxBlanked' }]);
    expect(emptied.every((one) => isHeldBy(holds, one) !== undefined)).toBe(true);
  });

  test.each([
    ['no value before', {}, ''],
    ['an empty one before', { phone: '' }, null],
    ['another value after', { phone: '1' }, '2'],
    ['a zero after', { phone: '1' }, 0],
    ['a no after', { phone: '1' }, false],
    ['a list with something in it after', { phone: '1' }, [2]],
    ['an object with something in it after', { phone: '1' }, { b: 2 }],
  ] as const)('but not with %s', (_what, before, after) => {
    expect(guard(many(19, 'edit', { before, after: { phone: after } }), usual, among(50))).toEqual([]);
  });

  test('and holds all that changes the attribute, as the mistake may be in any of them', () => {
    const emptied = many(6, 'edit', { before: { phone: '1' }, after: { phone: '' } });
    const [changed] = many(1, 'edit', { from: 50, before: { phone: '1' }, after: { phone: '2' } });
    if (changed === undefined) throw new Error('There is one.');

    const holds = guard([...emptied, changed], usual, among(50));

    expect(isHeldBy(holds, changed)).toMatchObject({ guard: 'maxBlanked' });
  });
});

test('who is active is a state and no value: switching many people on or off is no edit', () => {
  const off = many(500, 'edit', { before: { is_active: true }, after: { is_active: false } });
  const none = many(500, 'edit', { before: { is_active: true }, after: { is_active: null } });

  expect(guard([...off, ...none], usual, among(500))).toEqual([]);
});

test('what earlier runs created or invited does not count with the edits of this one', () => {
  const title = { after: { title: 'Pilot' } };
  const now = many(100, 'edit', title);

  expect(guard(now, usual, among(500, many(500, 'create', { from: 100, ...title })))).toEqual([]);
  expect(guard(now, usual, among(500, many(1, 'edit', { from: 100, ...title })))).toHaveLength(1);
});

describe('deletions are always held', () => {
  test.each([
    [1, '1 profile would be deleted for good'],
    [2, '2 profiles would be deleted for good'],
  ])('even %i, and the sentence says that it is for good', (count, words) => {
    const [hold, ...others] = guard(many(count, 'purge'), usual, among(10_000));

    expect(others).toEqual([]);
    expect(hold).toMatchObject({ guard: 'purge', kind: 'purge', count });
    expect(hold?.sentence).toBe(`${words}, as lifecycle.purgeAfter asks for. That can't be undone.`);
  });
});

describe('a deactivation that another source contradicts is held', () => {
  const claim: GuardedOperation['contradictedBy'] = {
    source: sourceId('labs'),
    anchor: anchor('ann-at-labs'),
    label: 'uid=ann',
    isSamePerson: false,
    at: noon,
  };
  const contradicted = (count: number, about: Partial<GuardedOperation> = {}) =>
    deactivations(count).map((one) => ({ ...one, contradictedBy: claim, ...about }));

  test.each([
    ['their e-mail address', {}, 'p0@example.org'],
    ['else their label', { email: undefined, label: 'uid=ann' }, 'uid=ann'],
    ['else their id', { email: undefined }, 'id-0'],
  ])('by itself, and named by %s', (_by, about, name) => {
    const [hold] = guard(
      contradicted(1, { reason: 'They left. But labs has them.', ...about }),
      usual,
      among(9),
    );

    expect(hold).toEqual({
      guard: 'contradiction',
      kind: 'deactivate',
      anchors: ['id-0'],
      count: 1,
      sentence: `Two sources contradict each other over ${name}: They left. But labs has them. Give both an employee number, set lifecycle.handOver: correlation, or approve.`,
    });
  });

  test('and no other operation is', () => {
    const edits = many(3, 'edit').map((one) => ({ ...one, contradictedBy: claim }));

    expect(guard([...edits, ...deactivations(3)], usual, among(1_000))).toEqual([]);
  });

  test('with a sentence of their own for twenty, and one for all others', () => {
    const told = guard(contradicted(23, { reason: 'They left.' }), usual, among(10_000));
    const holds = told.filter(({ guard: name }) => name === 'contradiction');

    expect(holds.map(({ count }) => count)).toEqual([...Array.from({ length: 20 }, () => 1), 3]);
    expect(holds.at(-1)?.anchors).toEqual(['id-20', 'id-21', 'id-22']);
    expect(holds.at(-1)?.sentence).toMatch(
      /^Two sources contradict each other over 3 more people as well, among them p20@example.org: They left./,
    );
  });
});

describe('whether somebody is held', () => {
  const over = (attribute: string, name = 'maxEdits') =>
    ({ guard: name, kind: 'edit', attribute, count: 9, sentence: 'Too many.' }) as const;
  const edit = { kind: 'edit', anchor: 'id-1', after: { title: 'Pilot' } } as const;

  test('is told by the attribute that they change', () => {
    expect(isHeldBy([over('title')], edit)).toBeDefined();
    expect(isHeldBy([over('phone')], edit)).toBeUndefined();
    expect(isHeldBy([over('toString')], edit)).toBeUndefined();
  });

  test('is told by what the guard is over: an adoption is held for what it empties, not as an edit', () => {
    const adoption = { ...edit, kind: 'adopt' } as const;

    expect(isHeldBy([over('title', 'maxBlanked')], adoption)).toBeDefined();
    expect(isHeldBy([over('title', 'maxEdits')], adoption)).toBeUndefined();
  });

  test('is not told by an attribute of a guard that is not over values', () => {
    expect(isHeldBy([over('title', 'maxDeactivations')], edit)).toBeUndefined();
  });

  test('is told by the guard that held them when they were stored, and by no other', () => {
    const holds = [over('title', 'maxBlanked'), over('title')];

    expect(holdOver(holds, { ...edit, hold: 'maxEdits' })?.guard).toBe('maxEdits');
    expect(holdOver(holds, { ...edit, hold: null })).toBeUndefined();
  });
});

test('creations and invitations are never held, however many', () => {
  const strict = { count: 0, percent: 0 };
  const limits = { maxDeactivations: strict, maxEdits: strict, maxBlanked: strict };
  const joiners = [...many(500, 'create', { after: { title: 'x' } }), ...many(500, 'invite')];

  expect(guard(joiners, limits, among(0))).toEqual([]);
});

test('a more generous limit holds nothing that a stricter one lets pass', () => {
  const size = fc.integer({ min: 0, max: 300 });
  const percent = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(
      size,
      size,
      size,
      percent,
      size,
      percent,
      (count, linked, people, share, morePeople, moreShare) => {
        const strict = { count: people, percent: share };
        const generous = { count: people + morePeople, percent: Math.min(100, share + moreShare) };

        if (!isHeld(count, linked, strict)) expect(isHeld(count, linked, generous)).toBe(false);
      },
    ),
  );
});

test.each([
  ['maxEdits', 'the larger of 20 people and 5 %'],
  ['maxFailures', 'the larger of 20 and 5 %'],
])('a limit is told in what it counts: %s', (name, words) => {
  const limit = { count: 20, percent: 5 };

  expect(excessInWords(name, 25, limit, undefined)).toBe(
    `more than the 25 that guards.${name} allows (${words}).`,
  );
  expect(excessInWords(name, 30, limit, 30)).toBe(
    `more than the 30 that guards.${name} allows (${words}, raised to 30 for this run).`,
  );
});
