import { describe, expect, test } from 'vitest';
import { markLeft, movePerson, removePerson } from '../../src/cli/demo/changes.ts';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import type { SamplePerson } from '../../src/cli/demo/sample-directory.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { operations } from '../../src/store/operations/operations.ts';
import { runOf } from '../../src/store/runs/runs.ts';
import { install } from '../engine/installation.ts';

const leave = (people: readonly SamplePerson[], who: readonly SamplePerson[]) =>
  who.reduce<readonly SamplePerson[]>((all, { uid }) => markLeft(all, uid), people);

/** Twelve people in the org already, and a guard that lets one of them go at a time. */
const guarded = (people = 12) =>
  install({ people, config: { guards: '{ maxDeactivations: { count: 1, percent: 0 } }' } });

const byMail = (all: readonly { readonly email: string | null; readonly state: string }[]) =>
  Object.fromEntries(all.map(({ email, state }) => [email, state]));

const kinds = (all: readonly { readonly kind: string; readonly state: string }[]) =>
  all.map(({ kind, state }) => `${kind} ${state}`);

describe('a dry run', () => {
  test('stores its plan, and releases and changes nothing', async () => {
    await using here = await install({ people: 3 });

    const plan = await here.plan();
    await here.engine.dispatcher.dispatchDue();

    expect(kinds(await here.operations(plan))).toEqual([
      'create planned',
      'create planned',
      'create planned',
    ]);
    expect(await runOf(here.engine.store.db, plan)).toMatchObject({ state: 'planned', ended_at: null });
    expect(here.sandbox.effects).toEqual([]);
  });

  test('that wants nothing is done at once, and waits for nobody', async () => {
    await using here = await install({ people: 2 });
    await here.sync();

    const plan = await here.plan();

    expect(await runOf(here.engine.store.db, plan)).toMatchObject({ state: 'done', expires_at: null });
  });

  test('leaves what an earlier plan holds where it is', async () => {
    await using here = await guarded();
    await here.sync();
    await here.publish(leave(here.people, here.people.slice(0, 3)));
    const held = await here.release();

    const plan = await here.plan();

    expect(kinds(await here.operations(held))).toEqual(Array(3).fill('deactivate held'));
    expect(kinds(await here.operations(plan))).toEqual(Array(3).fill('deactivate planned'));
  });
});

describe('a run that would deactivate too many', () => {
  test('holds all of them, and lets joiners and movers go on', async () => {
    await using here = await guarded();
    await here.publish(here.people.slice(0, 10));
    await here.sync();
    const [mover] = here.people.slice(9);
    if (mover === undefined) throw new Error('nobody to move');
    const all = sampleDirectory({ people: 12 });
    const department = mover.department === 'Sales' ? 'Support' : 'Sales';
    await here.publish(movePerson(leave(all, all.slice(0, 2)), mover.uid, department));

    const end = await here.sync();

    expect(kinds(await here.operations(end.run.id))).toEqual([
      'deactivate held',
      'deactivate held',
      'edit done',
      'create done',
      'create done',
    ]);
    expect(end.run).toMatchObject({ state: 'held', ended_at: null });
    expect(end.run.expires_at).toBeInstanceOf(Date);
    expect(end.run.summary?.holds).toMatchObject([{ guard: 'maxDeactivations', count: 2 }]);
    expect(here.sandbox.users.every((user) => user.profile.is_active)).toBe(true);
  });

  test('is held still by the next run, under the same id', async () => {
    await using here = await guarded();
    await here.sync();
    await here.publish(leave(here.people, here.people.slice(0, 3)));
    const first = await here.sync();

    const second = await here.sync();

    expect(kinds(await here.operations(first.run.id))).toEqual(Array(3).fill('deactivate held'));
    expect(await here.operations(second.run.id)).toEqual([]);
    const findings = await here.findings(second.run.id);
    expect(findings.map(({ kind, reason }) => [kind, reason])).toEqual(
      Array(3).fill([
        'waiting',
        `Their deactivate is held in plan ${first.run.id} and waits for approval there.`,
      ]),
    );
    expect(second.run).toMatchObject({ state: 'done', expires_at: null });
  });

  test('keeps those held who are still gone, and gives up those who came back', async () => {
    await using here = await guarded();
    await here.sync();
    const before = here.people;
    await here.publish(leave(before, before.slice(0, 3)));
    const first = await here.sync();
    await here.publish(leave(before, before.slice(1, 3)));

    await here.sync();

    const held = await here.operations(first.run.id);
    expect(Object.fromEntries(held.map(({ email, state }) => [email, state]))).toEqual({
      [here.person(0).mail]: 'superseded',
      [here.person(1).mail]: 'held',
      [here.person(2).mail]: 'held',
    });
    expect(held.find(({ state }) => state === 'superseded')?.message).toContain('Reality has overtaken it');
  });

  // The plan's id was lost with it, and who had it before them could approve nothing any more.
  test('stays held when the next reading is incomplete, but for those whom it shows to be back', async () => {
    await using here = await guarded();
    await here.sync();
    const before = here.people;
    const gone = leave(before, before.slice(0, 4));
    await here.publish(gone);
    const first = await here.sync();
    const [back, leaver, ...others] = leave(before, before.slice(1, 4));
    if (back === undefined || leaver === undefined) throw new Error('nobody to come back');
    // The first is back, the second has left still, the third and the fourth are not shown.
    await here.publishText(`${toLdif([back, leaver, ...others.slice(2)])}\nthis line breaks the file off\n`);

    const incomplete = await here.sync();
    expect(incomplete.run.summary?.incomplete).toBeTruthy();
    expect(byMail(await here.operations(first.run.id))).toEqual({
      [here.person(0).mail]: 'superseded',
      [here.person(1).mail]: 'held',
      [here.person(2).mail]: 'held',
      [here.person(3).mail]: 'held',
    });

    await here.approve(first.run.id);
    const end = await here.carryOut(first.run.id);
    expect(Object.fromEntries(end.counts)).toEqual({ superseded: 1, done: 3 });
  });

  // A source that loses a few people more each time must not get past the guard in small portions.
  test('is counted together with those who are held already', async () => {
    await using here = await guarded();
    await here.sync();
    const before = here.people;
    await here.publish(leave(before, before.slice(0, 3)));
    await here.sync();
    await here.publish(leave(before, before.slice(0, 4)));

    const next = await here.sync();

    expect(next.run.state).toBe('held');
    expect(kinds(await here.operations(next.run.id))).toEqual(['deactivate held']);
    expect(next.run.summary?.holds).toMatchObject([{ count: 4 }]);
    expect(here.sandbox.users.every((user) => user.profile.is_active)).toBe(true);
  });

  test('goes on once it is approved, with the word of who approved it', async () => {
    await using here = await guarded();
    await here.sync();
    await here.publish(leave(here.people, here.people.slice(0, 3)));
    const held = await here.sync();

    const outcome = await here.approve(held.run.id);
    const end = await here.carryOut(held.run.id);

    expect(outcome).toEqual({ kind: 'approved', released: 3, overtaken: 0 });
    expect(end.run).toMatchObject({
      state: 'done',
      approved_by: 'cli:anna',
      approval_reason: 'I looked at it.',
    });
    const inactive = here.sandbox.users.filter((user) => !user.profile.is_active);
    expect(inactive.map((user) => user.profile.email).sort()).toEqual(
      here.people
        .slice(0, 3)
        .map(({ mail }) => mail)
        .sort(),
    );
  });
});

test('somebody for whom an operation is under way is left out, and named', async () => {
  await using here = await install({ people: 2 });
  await here.release();

  const second = await here.release();

  expect(await here.operations(second)).toEqual([]);
  expect((await here.findings(second)).map(({ reason }) => reason)).toEqual(
    Array(2).fill(expect.stringContaining('An operation for them is still under way')),
  );
});

test('deactivations come first in a plan, and everybody is named once', async () => {
  await using here = await install({ people: 6 });
  await here.sync();
  const all = sampleDirectory({ people: 8 });
  await here.publish(removePerson(markLeft(all, here.person(0).uid), here.person(1).uid));

  const run = await here.release();

  const planned = await operations(here.engine.store.db, { run });
  expect(planned.map(({ kind }) => kind).slice(0, 2)).toEqual(['deactivate', 'deactivate']);
  expect(planned.map(({ seq }) => seq)).toEqual(planned.map((_, index) => index + 1));
  expect(new Set(planned.map(({ anchor }) => anchor)).size).toBe(planned.length);
});
