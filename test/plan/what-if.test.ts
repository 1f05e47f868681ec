/** Two plans of one moment, compared. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePlans, type SketchedPlan } from '../../src/plan/what-if/compare-plans.ts';
import type { ProposedOperation } from '../../src/reconcile/index.ts';
import { profileId } from '../builders/org.ts';
import { anchor } from '../builders/people.ts';

const operation = (about: Partial<ProposedOperation> & { readonly id: string }): ProposedOperation => ({
  kind: 'edit',
  anchor: anchor(about.id),
  profileId: undefined,
  email: `${about.id}@example.com`,
  label: about.id,
  reason: 'They differ.',
  before: {},
  after: {},
  desired: {},
  ...about,
});

const plan = (...operations: readonly ProposedOperation[]): SketchedPlan => ({
  operations,
  findings: [],
  holds: [],
  incomplete: undefined,
  identities: 10,
  inScope: 9,
});

test('who would be treated otherwise is told by kind, with what both would do', () => {
  const today = plan(
    operation({ id: 'same', after: { title: 'Pilot' } }),
    operation({ id: 'other', before: { title: 'Clerk' }, after: { title: 'Pilot', phone: '1' } }),
    operation({ id: 'gone', kind: 'deactivate', after: { is_active: false } }),
    operation({ id: 'turned', after: { title: 'Pilot' } }),
  );
  const candidate = plan(
    operation({ id: 'same', after: { title: 'Pilot' } }),
    operation({ id: 'other', before: { title: 'Clerk' }, after: { title: 'Captain', phone: '1' } }),
    operation({ id: 'new', kind: 'create', after: { title: 'Cook' } }),
    operation({ id: 'turned', kind: 'deactivate', after: { is_active: false } }),
  );

  const { newly, noLonger, otherwise, alike, attributes } = comparePlans(today, candidate);

  const ids = (groups: typeof newly) =>
    Object.fromEntries([...groups].map(([kind, steps]) => [kind, steps.map((step) => step.anchor)]));
  expect(ids(newly)).toEqual({ create: ['new'], deactivate: ['turned'] });
  expect(ids(noLonger)).toEqual({ deactivate: ['gone'], edit: ['turned'] });
  expect(ids(otherwise)).toEqual({ edit: ['other'] });
  expect(alike).toBe(1);
  expect(attributes).toEqual([
    { attribute: 'title', people: 1, changes: [{ from: 'Pilot', to: 'Captain', people: 1 }] },
  ]);
});

test('what only the candidate says of somebody is told, whatever moment a reason names', () => {
  const waits = (reason: string) =>
    ({ kind: 'waiting', anchor: anchor('ann'), label: 'ann', email: undefined, reason }) as const;
  const skipped = { ...waits('They have no e-mail address.'), kind: 'skipped' } as const;

  const { findings } = comparePlans(
    { ...plan(), findings: [waits('Gone since 12:00.')] },
    { ...plan(), findings: [waits('Gone since 12:01.'), skipped] },
  );

  expect(findings).toEqual([skipped]);
});

test.each([
  ['another kind of thing is done', { kind: 'reactivate' }],
  ['it is done to another profile', { profileId: profileId('P-2') }],
  ['an invitation follows', { invites: true }],
  ['another value is set', { after: { title: 'Captain' } }],
] as const)('somebody is treated otherwise where %s', (_what, change) => {
  const given = { id: 'ann', kind: 'edit', profileId: profileId('P-1'), after: { title: 'Pilot' } } as const;
  const today = plan(operation({ ...given, invites: false }));

  expect(comparePlans(today, plan(operation(given))).alike).toBe(1);
  expect(comparePlans(today, plan(operation({ ...given, ...change }))).alike).toBe(0);
});

test('an attribute is told with its most frequent changes, and the attributes by how many people they concern', () => {
  const sets = (value: string, from: number, count: number, before: object = {}) =>
    Array.from({ length: count }, (_, index) =>
      operation({ id: `${from + index}`, before: { title: 'Clerk', ...before }, after: { title: value } }),
    );
  const titles = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].flatMap((title, index) =>
    sets(title, index * 10, index + 1),
  );
  const phones = Array.from({ length: 40 }, (_, index) =>
    operation({ id: `p${index}`, before: { phone: '1' }, after: { phone: '2' } }),
  );

  const { attributes } = comparePlans(plan(), plan(...titles, ...phones));

  expect(attributes.map(({ attribute, people }) => [attribute, people])).toEqual([
    ['phone', 40],
    ['title', 28],
  ]);
  expect(attributes[1]?.changes).toEqual(
    ['g', 'f', 'e', 'd', 'c'].map((to, index) => ({ from: 'Clerk', to, people: 7 - index })),
  );
});

test('the same new value in the place of different ones is told apart', () => {
  const from = (id: string, title: string) =>
    operation({ id, before: { title }, after: { title: 'Captain' } });

  const { attributes } = comparePlans(plan(), plan(from('a', 'Cook'), from('b', 'Clerk'), from('c', 'Cook')));

  expect(attributes[0]?.changes).toEqual([
    { from: 'Cook', to: 'Captain', people: 2 },
    { from: 'Clerk', to: 'Captain', people: 1 },
  ]);
});

test('what a joiner gets is no change of anything, and nor is who is active', () => {
  const candidate = plan(
    operation({ id: 'new', kind: 'create', after: { title: 'Cook' } }),
    operation({ id: 'guest', kind: 'invite', after: { title: 'Cook' } }),
    operation({ id: 'back', kind: 'reactivate', after: { is_active: true } }),
  );

  expect(comparePlans(plan(), candidate).attributes).toEqual([]);
});

test('what is not known to be there is told as not known', () => {
  const candidate = plan(operation({ id: 'ann', after: { pin: '1' } }));

  expect(comparePlans(plan(), candidate).attributes).toEqual([
    { attribute: 'pin', people: 1, changes: [{ from: undefined, to: '1', people: 1 }] },
  ]);
});

test('somebody without an id is told apart by their label', () => {
  const nameless = (label: string) =>
    ({ kind: 'skipped', anchor: undefined, label, email: undefined, reason: 'No id.' }) as const;

  const { findings } = comparePlans(
    { ...plan(), findings: [nameless('line 1')] },
    { ...plan(), findings: [nameless('line 1'), nameless('line 2')] },
  );

  expect(findings).toEqual([nameless('line 2')]);
});

describe('whatever the plans', () => {
  const operations = fc
    .uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        kind: fc.constantFrom('edit', 'create', 'deactivate' as const),
        after: fc.dictionary(fc.constantFrom('title', 'phone'), fc.constantFrom('1', '2')),
      }),
      { selector: ({ id }) => id },
    )
    .map((all) => all.map(operation));

  test('one compared with itself is no difference', () => {
    fc.assert(
      fc.property(operations, (all) => {
        const { newly, noLonger, otherwise, alike, attributes } = comparePlans(plan(...all), plan(...all));
        expect([newly.size, noLonger.size, otherwise.size, attributes.length]).toEqual([0, 0, 0, 0]);
        expect(alike).toBe(all.length);
      }),
    );
  });

  test('everybody is told of once, and the other way round it is the other way round', () => {
    fc.assert(
      fc.property(operations, operations, (one, other) => {
        const forth = comparePlans(plan(...one), plan(...other));
        const back = comparePlans(plan(...other), plan(...one));
        const anchors = (groups: typeof forth.newly) =>
          [...groups].flatMap(([kind, steps]) => steps.map((step) => `${kind} ${step.anchor}`)).sort();
        expect(anchors(forth.newly)).toEqual(anchors(back.noLonger));
        expect(anchors(forth.otherwise)).toEqual(anchors(back.otherwise));
        const told = anchors(forth.newly).length + anchors(forth.otherwise).length + forth.alike;
        expect(told).toBe(other.length);
      }),
    );
  });
});
