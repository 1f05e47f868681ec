import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { toldEnd } from '../../src/cli/rollcall/here.ts';
import { exitCodeOf } from '../../src/cli/run-result.ts';
import { type Engine, startService, waitForRun } from '../../src/engine/index.ts';
import { verifyDeactivations } from '../../src/plan/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { combinations, until } from '../e2e/stage.ts';
import { type Installation, install } from '../engine/installation.ts';
import { retryThem } from '../execute/retry.ts';

const signal = AbortSignal.timeout(120_000);

/** Somebody leaves; the run is carried out, and nobody has confirmed anything yet. */
async function leave(here: Installation, ...numbers: readonly number[]): Promise<RunId> {
  await here.publish(
    here.people.map((one, index) =>
      numbers.includes(index) ? { ...one, employeeType: 'left' as const } : one,
    ),
  );
  const run = await here.release();
  await carryOutOnly(here.engine, run);
  return run;
}

async function carryOutOnly(engine: Engine, run: RunId): Promise<void> {
  await engine.dispatcher.dispatchDue();
  const worker = engine.startWorker();
  await waitForRun(engine.store.db, run, signal);
  await worker.close(1_000);
}

const means = ({ store, api }: Engine) => ({
  db: store.db,
  api,
  log: pino({ level: 'silent' }),
  signal,
  now: () => new Date(),
});

const verified = async (here: Installation, run: RunId) =>
  (await latestEntries(here.engine.store.db, { run }, 50)).filter(
    ({ action }) => action === 'deactivations.verified' || action === 'deactivation.unconfirmed',
  );

describe.each(combinations)('on %s', (combination) => {
  test('that everybody is inactive is confirmed by an independent word, once', async () => {
    await using here = await install({ combination });
    await here.sync();
    const run = await leave(here, 1, 2);

    const end = await here.carryOut(run);
    await here.carryOut(run);

    expect(end).toMatchObject({ unconfirmed: 0, unverified: undefined });
    expect(exitCodeOf(toldEnd(end))).toBe(0);
    expect(here.sandbox.requests.activeList).toBe(1);
    expect(await verified(here, run)).toMatchObject([
      {
        action: 'deactivations.verified',
        details: { by: 'activeuser_list/', deactivations: 2, inactive: 2 },
      },
    ]);
  });

  test('somebody who is active all the same is told by name, in findings, audit log and exit status', async () => {
    await using here = await install({ combination });
    await here.sync();
    const run = await leave(here, 1, 2);
    const { mail } = here.person(1);
    here.sandbox.editUser(mail, { is_active: true });

    const end = await here.carryOut(run);

    expect(end).toMatchObject({ unconfirmed: 1, unverified: undefined });
    expect(exitCodeOf(toldEnd(end))).toBe(4);
    expect(await here.findings(run)).toMatchObject([
      { kind: 'unconfirmed', email: mail, reason: expect.stringContaining('activeuser_list/') },
    ]);
    expect(await verified(here, run)).toMatchObject([
      { action: 'deactivation.unconfirmed', email: mail },
      { action: 'deactivations.verified', details: { deactivations: 2, inactive: 1 } },
    ]);
    expect(exitCodeOf(toldEnd(await here.carryOut(run)))).toBe(4);
  });

  test('of several processes exactly one does it', async () => {
    await using here = await install({ combination });
    await here.sync();
    const run = await leave(here, 1);
    const other = await here.another();

    const ends = await Promise.all(
      [here.engine, other, here.engine].map((one) => verifyDeactivations(means(one), run)),
    );

    expect(ends.map(({ kind }) => kind).sort()).toEqual(['none', 'none', 'verified']);
    expect(await verified(here, run)).toHaveLength(1);
  });
});

test.each([
  ['active_users/', ['activeList']],
  ['each profile', ['activeList', 'activeUsers']],
] as const)('by the word of %s where the list before it cannot be had', async (by, broken) => {
  await using here = await install();
  await here.sync();
  for (const operation of broken) here.sandbox.fault({ operation, effect: { kind: 'html' } });
  const run = await leave(here, 1, 2);
  here.sandbox.editUser(here.person(1).mail, { is_active: true });
  here.sandbox.removeUser(here.person(2).mail);

  const end = await here.carryOut(run);

  expect(end.unconfirmed).toBe(1);
  expect(await verified(here, run)).toMatchObject([
    { email: here.person(1).mail },
    { details: { by, inactive: 1 } },
  ]);
});

test('an org that cannot be asked is no confirmation; the next try is', async () => {
  await using here = await install({ api: { timeout: '200ms' } });
  await here.sync();
  const run = await leave(here, 1);
  const fault = here.sandbox.fault({ operation: 'me', effect: { kind: 'html' } });

  const end = await here.carryOut(run);

  expect(end.unverified).toContain('could not be confirmed');
  expect(exitCodeOf(toldEnd(end))).toBe(4);
  expect(await verified(here, run)).toEqual([]);
  fault.clear();
  const hourAgo = new Date(Date.now() - 3_600_000);
  await here.engine.store.db
    .updateTable('runs')
    .set({ verify_until: hourAgo })
    .where('id', '=', run)
    .execute();
  expect(await here.carryOut(run)).toMatchObject({ unconfirmed: 0, unverified: undefined });
  expect(await verified(here, run)).toHaveLength(1);
});

test('a deactivation that failed at first is confirmed when it was carried out at last, the others not again', async () => {
  await using here = await install();
  await here.sync();
  const { mail } = here.person(1);
  here.sandbox.fault({ operation: 'edit', match: mail, times: 1, effect: { kind: 'status', status: 400 } });
  const run = await leave(here, 1, 2);
  const first = await here.carryOut(run);
  await retryThem(here.engine.store.db, { run });

  const second = await here.carryOut(run);

  expect(first.counts).toEqual(
    new Map([
      ['done', 1],
      ['failed', 1],
    ]),
  );
  expect(second.counts).toEqual(new Map([['done', 2]]));
  expect((await verified(here, run)).map(({ details }) => details)).toEqual([
    expect.objectContaining({ deactivations: 1 }),
    expect.objectContaining({ deactivations: 1 }),
  ]);
});

test('a run without deactivations asks nobody', async () => {
  await using here = await install();

  await here.sync();

  expect(here.sandbox.requests.activeList).toBe(0);
});

test('a service confirms by itself, and a command that waits for it is told', async () => {
  await using here = await install();
  await here.sync();
  const run = await leave(here, 1);
  here.sandbox.editUser(here.person(1).mail, { is_active: true });
  const service = await startService(await here.another(), ['scheduler', 'worker']);

  await until(
    () => verified(here, run),
    (entries) => entries.length === 2,
  );
  const end = await here.carryOut(run);
  await service.stop();

  expect(end.unconfirmed).toBe(1);
  expect(await verified(here, run)).toHaveLength(2);
});
