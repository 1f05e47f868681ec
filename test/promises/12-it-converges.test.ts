/** Promise 12, where it is kept: in the comparison, against an org that makes its own of what it is sent. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Person } from '../../src/identity/index.ts';
import type { Policy } from '../../src/reconcile/index.ts';
import { anyCase } from '../builders/generated.ts';
import { acceptInvitations, carryOut, type Model, profileOf } from '../builders/model.ts';
import { profile } from '../builders/org.ts';
import { leaver, person } from '../builders/people.ts';
import { noon, type Ran, reconcile } from '../builders/run.ts';
import { installEntra } from '../engine/entra-installation.ts';
import { stage } from '../plan/delta/stage.ts';

const empty: Model = { profiles: [], links: [], invited: [] };

/** One run and its execution. */
function pass(
  model: Model,
  people: readonly Person[],
  policy: Partial<Policy> = {},
): { plan: Ran; model: Model } {
  const plan = reconcile({ people, profiles: model.profiles, links: model.links, policy });
  return { plan, model: carryOut(model, plan, noon) };
}

const kinds = ({ plan }: { readonly plan: Ran }) => plan.operations.map((one) => one.kind);

describe('after a plan was applied, the next is empty', () => {
  const desired = { name: 'Ann', username: 'ann', title: 'Clerk', phone: 801212121, pin: '1', note: null };

  test('for somebody who was created, though the org cuts one attribute and hides two', () => {
    const first = pass(empty, [person({ desired })]);
    const second = pass(first.model, [person({ desired })]);

    expect(kinds(first)).toEqual(['create']);
    expect(kinds(second)).toEqual([]);
  });

  test('for somebody who was adopted', () => {
    const first = pass({ ...empty, profiles: [profile({ attributes: { title: 'Old' } })] }, [
      person({ desired }),
    ]);

    expect(kinds(first)).toEqual(['adopt']);
    expect(kinds(pass(first.model, [person({ desired })]))).toEqual([]);
  });

  // The link said that all was applied; what the org never shows was then never sent.
  test('for somebody who was invited: all that the mapping gives is sent once they accepted', () => {
    const people = [person({ desired })];
    const invited = pass(empty, people, { onboard: 'invite' });
    const waiting = pass(invited.model, people, { onboard: 'invite' });
    const accepted = pass(acceptInvitations(waiting.model), people, { onboard: 'invite' });
    const after = pass(accepted.model, people, { onboard: 'invite' });

    expect(kinds(invited)).toEqual(['invite']);
    expect(kinds(waiting)).toEqual([]);
    expect(accepted.plan.operations).toMatchObject([{ kind: 'edit', after: { username: 'ann', pin: '1' } }]);
    expect(kinds(after)).toEqual([]);
  });

  test('for somebody who moved, left and came back', () => {
    const moved = [person({ desired: { ...desired, title: 'Head', pin: '2' } })];
    let { model } = pass(empty, [person({ desired })]);
    for (const [people, expected] of [
      [moved, ['edit']],
      [[leaver()], ['deactivate']],
      [moved, ['reactivate']],
    ] as const) {
      const first = pass(model, people);
      const second = pass(first.model, people);

      expect(kinds(first)).toEqual(expected);
      expect(kinds(second)).toEqual([]);
      model = second.model;
    }
    expect(profileOf(model, 'ann')?.isActive).toBe(true);
  });

  test('for a value that the org does not keep: one try, and another when it changes', () => {
    const first = pass(empty, [person({ desired: { title: 'Cle' } })]);
    const tried = pass(first.model, [person({ desired: { title: 'Clerk' } })]);
    const changed = [person({ desired: { title: 'Chief' } })];
    const once = pass(tried.model, changed);

    expect(kinds(pass(tried.model, [person({ desired: { title: 'Clerk' } })]))).toEqual([]);
    expect(kinds(once)).toEqual(['edit']);
    expect(kinds(pass(once.model, changed))).toEqual([]);
  });
});

test('drift is repaired once, and then there is peace', () => {
  const people = [person({ desired: { phone: 1 } })];
  const { model } = pass(empty, people);
  const drifted: Model = {
    ...model,
    profiles: model.profiles.map((one) => ({ ...one, attributes: { ...one.attributes, phone: '9' } })),
  };
  const repaired = pass(drifted, people);

  expect(kinds(repaired)).toEqual(['edit']);
  expect(kinds(pass(repaired.model, people))).toEqual([]);
});

test('two people who want each other’s address wait, and are not edited to and fro', () => {
  const before = [
    person({ anchor: 'a', email: 'p@example.com' }),
    person({ anchor: 'b', email: 'q@example.com' }),
  ];
  const swapped = [
    person({ anchor: 'a', email: 'q@example.com' }),
    person({ anchor: 'b', email: 'p@example.com' }),
  ];
  const { model } = pass(empty, before);
  const { plan } = pass(model, swapped);

  expect(plan.operations).toEqual([]);
  expect(plan.findings.map((finding) => finding.kind)).toEqual(['conflict', 'conflict']);
});

test('a first synchronisation of any directory is whole after one plan, but for its conflicts', () => {
  fc.assert(
    fc.property(anyCase, ({ people, policy }) => {
      const settings = { ...policy, ownProfile: undefined };
      const first = pass(empty, people, settings);
      const second = pass(first.model, people, settings);

      expect(second.plan.operations).toEqual([]);
      if (policy.onboard !== 'invite')
        expect(first.model.profiles.filter((one) => one.isActive)).toHaveLength(first.plan.operations.length);
    }),
    { numRuns: 1_000 },
  );
});

test('whatever happens in an Entra tenant, the run after the next has nothing to do', async () => {
  await using here = await installEntra({
    // Nothing happens to Eve: a tenant that shows nobody is not believed, and nothing would be done.
    people: ['Ann', 'Bob', 'Cleo', 'Dora', 'Eve'],
    tenant: { deltaPageSize: 2, hasEmptyPages: true, deltaShows: 'changed', tellsOldDeletions: true },
  });
  const { directory } = here.entra;
  const change = fc.record({
    who: fc.nat({ max: 3 }),
    what: fc.oneof(
      fc.record({ jobTitle: fc.constantFrom('Clerk', 'Head', null) }),
      fc.record({ accountEnabled: fc.boolean() }),
      fc.record({ userType: fc.constantFrom('Member', 'Guest') }),
      fc.constantFrom('delete', 'restore'),
    ),
  });
  const ids = [...directory.users.keys()];
  await here.run('full');

  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('full', 'delta'),
      async (changes, reading) => {
        for (const { who, what } of changes) {
          const id = ids[who] ?? '';
          if (what === 'delete') directory.softDelete(id);
          else if (what === 'restore') directory.restore(id);
          else directory.editUser(id, what);
        }
        const first = await here.run(reading);
        const second = await here.run('full');

        for (const { error, summary } of [first, second])
          expect({ error, doubt: summary?.incomplete }).toEqual({ error: undefined, doubt: null });
        expect((await here.run('delta')).deeds).toEqual([]);
        expect((await here.run('full')).deeds).toEqual([]);
      },
    ),
    { numRuns: 4 },
  );
});

test('whatever a delta tells, the next one has nothing to do, nor has a whole reading', async () => {
  await using delta = await stage({
    config: { guards: '{ maxDeactivations: { count: 100, percent: 100 }, maxShrink: { percent: 100 } }' },
  });
  const ids = ['ann', 'bob', 'cho', 'dan'];
  for (const id of ids) delta.source.put(id);
  await delta.run('full');
  const change = fc.record({
    who: fc.constantFrom(...ids, 'eve'),
    what: fc.oneof(
      fc.record({ title: fc.constantFrom('Clerk', 'Head') }),
      fc.record({ employeeType: fc.constantFrom('left', 'staff') }),
      fc.constantFrom('deleted', 'out-of-view'),
    ),
  });

  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      for (const { who, what } of changes)
        if (typeof what === 'string') delta.source.take(who, what);
        else delta.source.put(who, what);
      await delta.run('delta');

      expect(await delta.deeds(await delta.run('delta'))).toEqual([]);
      expect(await delta.deeds(await delta.run('full'))).toEqual([]);
    }),
    { numRuns: 6 },
  );
});
