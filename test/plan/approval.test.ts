import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { expirePlans, rejectPlan } from '../../src/plan/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { runOf } from '../../src/store/runs/runs.ts';
import { type Installation, install } from '../engine/installation.ts';

const word = { actor: 'cli:ben', reason: 'That is a mistake of HR.' };
const reject = (here: Installation, run: RunId) => rejectPlan(here.engine.store.db, run, word, new Date());
const stateOf = async (here: Installation, run: RunId) => (await runOf(here.engine.store.db, run))?.state;
const states = async (here: Installation, run: RunId) =>
  (await here.operations(run)).map((operation) => operation.state);
const actions = async (here: Installation, run: RunId) =>
  (await latestEntries(here.engine.store.db, { run }, 100)).map(({ action, actor }) => `${actor} ${action}`);

/** Lets a plan's time for approval run out. */
const outlive = (here: Installation, run: RunId) =>
  here.engine.store.db
    .updateTable('runs')
    .set({ expires_at: new Date(Date.now() - 1_000) })
    .where('id', '=', run)
    .execute();

const everybodyLeaves = async (here: Installation) => {
  await here.sync();
  await here.publish(here.people.reduce((all, { uid }) => markLeft(all, uid), [...here.people]));
  return (await here.sync()).run.id;
};

const heldFrom = '{ maxDeactivations: { count: 0, percent: 0 } }';

describe('approving', () => {
  test('releases a dry run, which is then carried out', async () => {
    await using here = await install({ people: 3 });
    const plan = await here.plan();

    const outcome = await here.approve(plan);
    const end = await here.carryOut(plan);

    expect(outcome).toEqual({ kind: 'approved', released: 3, overtaken: 0 });
    expect(end.run).toMatchObject({ state: 'done', approved_by: 'cli:anna', expires_at: null });
    expect(here.effects()).toHaveLength(3);
    expect(await actions(here, plan)).toEqual([
      'cli:test run.planned',
      'cli:anna plan.approved',
      ...Array(3).fill('worker operation.done'),
    ]);
  });

  test('twice, or after it was carried out, is refused with who approved it', async () => {
    await using here = await install({ people: 2 });
    const plan = await here.plan();
    await here.approve(plan);

    const again = await here.approve(plan);
    await here.carryOut(plan);
    const later = await here.approve(plan);

    const refusal = {
      kind: 'refused',
      sentence: `Nothing in plan ${plan} waits for approval: cli:anna approved it.`,
    };
    expect([again, later]).toEqual([refusal, refusal]);
    expect(here.effects()).toHaveLength(2);
  });

  test('by two people at the same moment releases everything once', async () => {
    await using here = await install({ people: 5 });
    const plan = await here.plan();

    const outcomes = await Promise.all([here.approve(plan), here.approve(plan), here.approve(plan)]);
    await here.carryOut(plan);

    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['approved', 'refused', 'refused']);
    expect(here.effects()).toHaveLength(5);
  });

  test('a plan that does not exist names the way to the list of them', async () => {
    await using here = await install({ people: 1 });

    expect(await here.approve('nosuch' as RunId)).toEqual({
      kind: 'refused',
      sentence: 'There is no plan nosuch. `rollcall runs` lists them.',
    });
    expect(await reject(here, 'nosuch' as RunId)).toMatchObject({ kind: 'refused' });
  });

  test('a run that has no plan yet, or never got one, is refused', async () => {
    await using here = await install({ people: 1 });
    const requested = await here.request('plan');

    expect(await here.approve(requested)).toMatchObject({
      kind: 'refused',
      sentence: expect.stringContaining('it is not made yet'),
    });

    await here.publishText('this is no LDIF');
    await here.conduct(requested);
    expect(await here.approve(requested)).toMatchObject({
      kind: 'refused',
      sentence: expect.stringContaining('the run failed before it had a plan'),
    });
  });

  test('leaves out those for whom another operation is under way', async () => {
    await using here = await install({ people: 3 });
    const plan = await here.plan();
    const run = await here.release(here.person(0).mail);

    const outcome = await here.approve(plan);
    await here.carryOut(run);
    await here.carryOut(plan);

    expect(outcome).toEqual({ kind: 'approved', released: 2, overtaken: 1 });
    expect(here.effects()).toHaveLength(3);
  });

  // A dry run of the morning, a resync at noon, and then the morning's plan is approved: every invitation went out twice.
  test('leaves out those for whom it was done by another run since the plan was made', async () => {
    await using here = await install({
      people: 3,
      config: { lifecycle: '{ onboard: invite, invite: { role: User } }' },
    });
    const morning = await here.plan();
    await here.sync();

    const outcome = await here.approve(morning);
    await here.carryOut(morning);

    expect(outcome).toEqual({ kind: 'approved', released: 0, overtaken: 3 });
    expect(here.sandbox.invitations.map(({ mails }) => mails.length)).toEqual([1, 1, 1]);
    expect(await states(here, morning)).toEqual(Array(3).fill('superseded'));
    expect(await stateOf(here, morning)).toBe('done');
  });
});

describe('rejecting', () => {
  test('a dry run drops all of it, for good', async () => {
    await using here = await install({ people: 2 });
    const plan = await here.plan();

    const outcome = await reject(here, plan);
    const again = await reject(here, plan);

    expect(outcome).toEqual({ kind: 'rejected', dropped: 2 });
    expect(again).toMatchObject({ kind: 'refused', sentence: expect.stringContaining('it was rejected') });
    expect(await here.approve(plan)).toMatchObject({ kind: 'refused' });
    expect(await stateOf(here, plan)).toBe('rejected');
    expect(here.effects()).toEqual([]);
    expect(await actions(here, plan)).toEqual(['cli:test run.planned', 'cli:ben plan.rejected']);
  });

  test('what a guard holds keeps what was released, and the next run asks again', async () => {
    await using here = await install({ people: 3, config: { guards: heldFrom } });
    const held = await everybodyLeaves(here);

    const outcome = await reject(here, held);
    const next = await here.sync();

    expect(outcome).toEqual({ kind: 'rejected', dropped: 3 });
    expect(await stateOf(here, held)).toBe('done');
    expect(await states(here, next.run.id)).toEqual(['held', 'held', 'held']);
    expect(here.sandbox.users.every((user) => user.profile.is_active)).toBe(true);
  });
});

describe('a plan whose time is over', () => {
  test('is refused even before anybody has noticed that it expired', async () => {
    await using here = await install({ people: 2 });
    const plan = await here.plan();
    await outlive(here, plan);

    expect(await here.approve(plan)).toEqual({
      kind: 'refused',
      sentence: `Nothing in plan ${plan} waits for approval: its time for approval is over. Make a new plan.`,
    });
  });

  test('expires, whether dry run or held, and the rest of its run is done', async () => {
    await using here = await install({ people: 3, config: { guards: heldFrom } });
    const held = await everybodyLeaves(here);
    const dry = await here.plan();
    await outlive(here, held);
    await outlive(here, dry);

    const expired = await expirePlans(here.engine.store.db, new Date());

    expect(expired.map(({ id }) => id).sort()).toEqual([held, dry].sort());
    expect(await stateOf(here, dry)).toBe('expired');
    expect(await stateOf(here, held)).toBe('done');
    expect(await states(here, held)).toEqual(['expired', 'expired', 'expired']);
    expect(await actions(here, dry)).toEqual(['cli:test run.planned', 'rollcall plan.expired']);
    expect(await here.approve(held)).toMatchObject({ kind: 'refused' });
    expect(await expirePlans(here.engine.store.db, new Date())).toEqual([]);
  });
});
