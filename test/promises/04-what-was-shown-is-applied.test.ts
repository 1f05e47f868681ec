/** Promise 4: a plan is frozen; what was shown is applied, or nothing. */
import { describe, expect, test } from 'vitest';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { combinations } from '../e2e/stage.ts';
import { type Installation, install } from '../engine/installation.ts';

const titled = (here: Installation, title: string) => here.people.map((person) => ({ ...person, title }));

describe.each(combinations)('on %s', (combination) => {
  test('whatever changes in the source after a plan was shown, the plan is what is applied', async () => {
    await using here = await install({ combination, people: 6 });
    await here.publish(here.people.slice(0, 4));
    await here.sync();
    const before = here.people;
    await here.publish(markLeft(titled(here, 'Captain'), here.person(0).uid));
    const plan = await here.plan();
    const shown = await here.operations(plan);
    const done = here.effects().length;

    // Everything is different by the time somebody approves.
    await here.publish(titled(here, 'Admiral').slice(1));
    expect(here.effects()).toHaveLength(done);
    await here.approve(plan);
    const end = await here.carryOut(plan);

    expect(end.counts).toEqual(new Map([['done', 4]]));
    const applied = await here.operations(plan);
    const asShown = ({ id, kind, email, before: from, after, reason }: (typeof shown)[number]) => ({
      id,
      kind,
      email,
      from,
      after,
      reason,
    });
    expect(applied.map(asShown)).toEqual(shown.map(asShown));
    expect(here.sandbox.find(before[1]?.mail ?? '')?.extras.organization_role).toBe('Captain');
    expect(here.sandbox.find(before[0]?.mail ?? '')?.profile.is_active).toBe(false);

    await here.sync();
    expect(here.sandbox.find(before[1]?.mail ?? '')?.extras.organization_role).toBe('Admiral');
  });
});

test('what the org has changed since is left as it is there, and planned anew', async () => {
  await using here = await install({ people: 5 });
  await here.sync();
  await here.publish(here.people.map((person, index) => ({ ...person, mail: `new${index}@example.org` })));
  const plan = await here.plan();
  const [changed, untouched] = (await here.operations(plan)).map(({ profile_id: id }) => id ?? '');
  here.sandbox.editUser(changed ?? '', { email: 'hand@example.org' });

  await here.approve(plan);
  await here.carryOut(plan);

  const states = (await here.operations(plan)).map(({ profile_id: id, state }) => [id, state]);
  expect(Object.fromEntries(states)).toMatchObject({
    [changed ?? '']: 'superseded',
    [untouched ?? '']: 'done',
  });
  expect(here.sandbox.find(changed ?? '')?.profile.email).toBe('hand@example.org');
  expect((await here.sync()).counts).toEqual(new Map([['done', 1]]));
});

test('a plan that nobody approved is never applied, whatever runs besides', async () => {
  await using here = await install({ people: 4 });
  const plan = await here.plan();
  await here.sync(here.person(0).mail);

  expect(here.effects()).toEqual([`created ${here.person(0).mail}`]);
  expect((await here.operations(plan)).map(({ state }) => state)).toEqual(Array(4).fill('planned'));
});
