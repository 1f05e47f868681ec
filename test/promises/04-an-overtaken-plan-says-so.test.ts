/** Promise 4: a plan that reality has overtaken says so before anybody approves it, and gives nobody what is no longer wanted. */
import { describe, expect, test } from 'vitest';
import { runs } from '../../src/cli/commands/runs.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { statusOf } from '../../src/engine/index.ts';
import { overtakenIn } from '../../src/plan/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { runOf } from '../../src/store/runs/runs.ts';
import { sessionOf } from '../cli/session.ts';
import { type Installation, install } from '../engine/installation.ts';

const overtaken = async (here: Installation, id: RunId) => {
  const run = await runOf(here.engine.store.db, id);
  if (run === undefined) throw new Error(`There is no run ${id}.`);
  const { byOthers, unwanted } = await overtakenIn(here.engine.store.db, run);
  return { byOthers: byOthers.length, unwanted: unwanted.length };
};

const leave = (here: Installation, count: number) =>
  here.people.slice(0, count).reduce((all, { uid }) => markLeft(all, uid), here.people);

describe('a dry run', () => {
  test('of yesterday does not deactivate who was seen back since, and says so before', async () => {
    await using here = await install({ people: 4 });
    await here.sync();
    const staff = here.people;
    await here.publish(leave(here, 2));
    const plan = await here.plan();
    await here.publish(staff);
    await here.sync();

    const { session, told } = sessionOf(here);
    await runs(session, plan, { limit: 1 });
    const [held] = (await statusOf(here.engine)).heldPlans;
    const outcome = await here.approve(plan);
    await here.carryOut(plan);

    expect(told.join('')).toContain('2 of them have been overtaken');
    expect(held).toMatchObject({ id: plan, waiting: 2, overtaken: 2 });
    expect(outcome).toEqual({ kind: 'approved', released: 0, overtaken: 2 });
    expect(here.sandbox.users.every((user) => user.profile.is_active)).toBe(true);
    expect((await here.operations(plan)).map(({ message }) => message)).toEqual(
      Array(2).fill(expect.stringContaining('a later run saw everybody, and no longer wanted it')),
    );
  });

  test('is not overtaken by other dry runs, nor by a run for one person alone', async () => {
    await using here = await install({ people: 4 });
    await here.sync();
    const staff = here.people;
    const gone = leave(here, 2);
    await here.publish(gone);
    const plan = await here.plan();
    await here.publish([...staff.slice(0, 1), ...gone.slice(1)]);
    await here.plan();
    expect(await overtaken(here, plan)).toEqual({ byOthers: 0, unwanted: 0 });

    await here.publish(staff);
    await here.sync(staff[0]?.mail);
    expect(await overtaken(here, plan)).toEqual({ byOthers: 0, unwanted: 0 });
  });

  test('whose work another run did counts it as overtaken', async () => {
    await using here = await install({ people: 3 });
    const plan = await here.plan();
    await here.sync(here.person(0).mail);

    expect(await overtaken(here, plan)).toEqual({ byOthers: 1, unwanted: 0 });
    expect(await here.approve(plan)).toEqual({ kind: 'approved', released: 2, overtaken: 1 });
  });

  test('is not overtaken by an incomplete reading, which can’t tell who is wanted', async () => {
    await using here = await install({
      people: 12,
      config: { guards: '{ sentinels: [nobody@example.org] }' },
    });
    await here.sync();
    await here.publish(leave(here, 2));
    const plan = await here.plan();
    await here.sync();

    expect(await overtaken(here, plan)).toEqual({ byOthers: 0, unwanted: 0 });
  });
});

test('what a guard holds and the next runs still want is not overtaken', async () => {
  await using here = await install({
    people: 4,
    config: { guards: '{ maxDeactivations: { count: 1, percent: 0 } }' },
  });
  await here.sync();
  await here.publish(leave(here, 3));
  const held = (await here.sync()).run.id;
  await here.sync();

  expect(await overtaken(here, held)).toEqual({ byOthers: 0, unwanted: 0 });
  expect(await here.approve(held)).toMatchObject({ released: 3, overtaken: 0 });
});
