/** Promise 10: a run's deactivations can be undone, exactly those. */
import { describe, expect, test } from 'vitest';
import { PlanError, planUndo } from '../../src/plan/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { combinations } from '../e2e/stage.ts';
import { type Installation, install } from '../engine/installation.ts';

const undo = (rollcall: Installation, run: RunId) =>
  planUndo(rollcall.engine.store.db, run, 'cli:anna', 60_000, new Date());

const leaving = (rollcall: Installation, ...numbers: readonly number[]) =>
  rollcall.people.map((person, index) =>
    numbers.includes(index) ? { ...person, employeeType: 'left' as const } : person,
  );

const isActive = (rollcall: Installation, number: number) =>
  rollcall.sandbox.find(rollcall.person(number).mail)?.profile.is_active;

describe.each(combinations)('on %s', (combination) => {
  test('those whom a run deactivated are active again, and nobody else', async () => {
    await using rollcall = await install({ combination });
    await rollcall.sync();
    await rollcall.publish(leaving(rollcall, 1));
    await rollcall.sync();
    await rollcall.publish(leaving(rollcall, 1, 2, 3));
    const mistake = await rollcall.sync();
    const before = rollcall.effects().length;

    const plan = await undo(rollcall, mistake.run.id);
    expect(rollcall.effects()).toHaveLength(before);
    await rollcall.approve(plan);
    await rollcall.carryOut(plan);

    const [two, three] = [rollcall.person(2).mail, rollcall.person(3).mail];
    expect(rollcall.effects().slice(before).sort()).toEqual(
      [`reactivated ${two}`, `reactivated ${three}`].sort(),
    );
    expect([1, 2, 3].map((number) => isActive(rollcall, number))).toEqual([false, true, true]);
  });
});

test('somebody who came back since is left alone, and named', async () => {
  await using rollcall = await install();
  await rollcall.sync();
  const everybody = rollcall.people;
  await rollcall.publish(leaving(rollcall, 1, 2));
  const mistake = await rollcall.sync();
  await rollcall.publish(
    leaving(rollcall, 2).map((person, index) => (index === 1 ? (everybody[1] ?? person) : person)),
  );
  await rollcall.sync();

  const plan = await undo(rollcall, mistake.run.id);

  expect((await rollcall.operations(plan)).map((operation) => operation.email)).toEqual([
    rollcall.person(2).mail,
  ]);
  expect(await rollcall.findings(plan)).toMatchObject([{ kind: 'left', email: rollcall.person(1).mail }]);
});

test('somebody whom an administrator has unblocked and blocked again meanwhile stays blocked', async () => {
  await using rollcall = await install();
  await rollcall.sync();
  const everybody = rollcall.people;
  await rollcall.publish(leaving(rollcall, 1));
  const run = await rollcall.sync();
  rollcall.sandbox.editUser(rollcall.person(1).mail, { is_active: true });
  await rollcall.publish(everybody);
  await rollcall.sync();
  rollcall.sandbox.editUser(rollcall.person(1).mail, { is_active: false });

  await expect(undo(rollcall, run.run.id)).rejects.toThrow(PlanError);
  expect(isActive(rollcall, 1)).toBe(false);
});

test('an undone run can not be undone twice, and a run without deactivations not at all', async () => {
  await using rollcall = await install();
  const first = await rollcall.sync();
  await rollcall.publish(leaving(rollcall, 1));
  const second = await rollcall.sync();
  const plan = await undo(rollcall, second.run.id);
  await rollcall.approve(plan);
  await rollcall.carryOut(plan);

  await expect(undo(rollcall, second.run.id)).rejects.toThrow('no deactivations that could be undone');
  await expect(undo(rollcall, first.run.id)).rejects.toThrow('no deactivations that could be undone');
  await expect(undo(rollcall, 'nobody' as RunId)).rejects.toThrow('There is no run nobody');
});
