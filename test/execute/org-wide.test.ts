/** What concerns everybody at once: the licence, the key, the rate limit, and workers that lose their hold. */
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import {
  claim,
  endOperation,
  LeaseLostError,
  noteIntent,
  postpone,
  renewLeases,
} from '../../src/store/operations/leases.ts';
import type { OperationId } from '../../src/store/operations/operation.ts';
import { operations } from '../../src/store/operations/operations.ts';
import { pauseExecution, pauseOfKey } from '../../src/store/service/pauses.ts';
import { until } from '../e2e/stage.ts';
import { install } from '../engine/installation.ts';
import { retryThem } from './retry.ts';

describe('a full licence', () => {
  test('ends the creations of the run, lets deactivations through, and the next run plans the rest again', async () => {
    // The key's own account and three people: all seats are taken.
    await using here = await install({ people: 3, sandbox: { licences: 4 }, api: { concurrency: '1' } });
    await here.sync();
    await here.publish(markLeft(sampleDirectory({ people: 12 }), here.person(0).uid));

    const first = await here.sync();
    const second = await here.sync();

    const states = async (end: typeof first) =>
      (await here.operations(end.run.id)).map(({ kind, state }) => `${kind} ${state}`).sort();
    // One seat was freed by who left, and one creation has it.
    expect(await states(first)).toEqual([
      ...Array(1).fill('create done'),
      'create failed',
      ...Array(7).fill('create superseded'),
      'deactivate done',
    ]);
    expect(await states(second)).toEqual(['create failed', ...Array(7).fill('create superseded')]);
    expect(here.sandbox.requests.create).toBeLessThan(3 + 2 + 1 + 8);
    const audited = await latestEntries(here.engine.store.db, { run: first.run.id }, 100);
    expect(audited.filter(({ action }) => action === 'operation.superseded')).toHaveLength(7);
    const failed = audited.find(({ action }) => action === 'operation.failed');
    expect(failed?.details.message).toContain('license');
  });

  test('is met by no more of a first load than there may be requests', async () => {
    const seats = 33;
    await using here = await install({
      people: 600,
      sandbox: { licences: 1 + seats },
      api: { concurrency: '4' },
    });
    // While they wait for their answer, others are taken into hand.
    here.sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 100 } });

    const { counts } = await here.sync();

    expect(counts.get('done')).toBe(seats);
    expect(counts.get('failed')).toBeLessThanOrEqual(4);
    expect(here.sandbox.requests.create).toBeLessThanOrEqual(seats + 4);
  });
});

describe('a refused key', () => {
  test('is shown to the API by those whose request was under way, and hardly anybody else', async () => {
    await using here = await install({ people: 600, api: { concurrency: '4' } });
    const run = await here.release();
    here.sandbox.fault({ operation: 'create', effect: { kind: 'status', status: 401 } });

    await here.carryOut(run);

    expect(here.sandbox.requests.create).toBeGreaterThan(0);
    expect(here.sandbox.requests.create).toBeLessThanOrEqual(2 * 4);
  });

  test.each([
    401, 403,
  ])('(%i) pauses all, burns no attempt, and work goes on once it is accepted', async (status) => {
    await using here = await install({ people: 6 });
    const run = await here.release();
    const refusal = here.sandbox.fault({ operation: 'create', effect: { kind: 'status', status } });

    const stopped = await here.carryOut(run);

    const { db } = here.engine.store;
    expect(stopped.halt?.sentence).toContain('The API key is not');
    expect((await here.operations(run)).map(({ state, attempts }) => [state, attempts])).toEqual(
      Array(6).fill(['queued', 0]),
    );
    expect(await here.engine.dispatcher.dispatchDue()).toBe(0);
    const paused = (await latestEntries(db, {}, 50)).filter(({ action }) => action === 'execution.paused');
    expect(paused).toHaveLength(1);

    refusal.clear();
    await here.plan();
    expect(await pauseOfKey(db)).toBeUndefined();
    const end = await here.carryOut(run);
    expect(end.counts).toEqual(new Map([['done', 6]]));
    expect(here.effects()).toHaveLength(6);
    expect((await latestEntries(db, {}, 50)).map(({ action }) => action)).toContain('execution.resumed');
  });

  test('keeps its first reason, however many requests are refused', async () => {
    await using here = await install({ people: 1 });
    const { db } = here.engine.store;

    expect(await pauseExecution(db, 'one')).toBe(true);
    expect(await pauseExecution(db, 'other')).toBe(false);
    expect(await pauseOfKey(db)).toMatchObject({ reason: 'one' });
  });
});

test('too many requests (429) hold everybody back for as long as the server asks, and burn no attempt', async () => {
  await using here = await install({ people: 8 });
  const run = await here.release();
  const limit = { kind: 'status', status: 429, retryAfterSeconds: 1 } as const;
  here.sandbox.fault({ operation: 'create', times: 1, match: here.person(7).mail, effect: limit });
  const other = await here.another();
  const began = Date.now();

  const end = await here.carryOut(run);
  await other.api.whoAmI();

  expect(end.counts).toEqual(new Map([['done', 8]]));
  expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
  expect((await here.operations(run)).map(({ attempts }) => attempts)).toEqual(Array(8).fill(1));
  expect(here.effects()).toHaveLength(8);
});

test('an operation that never succeeds ends on the failed list, and can be tried again', async () => {
  await using here = await install({ people: 2 });
  const { mail } = here.person(0);
  const broken = here.sandbox.fault({
    operation: 'create',
    match: mail,
    effect: { kind: 'status', status: 500 },
  });

  const { run, counts } = await here.sync();

  expect(Object.fromEntries(counts)).toEqual({ done: 1, failed: 1 });
  const failed = (await here.operations(run.id)).find(({ state }) => state === 'failed');
  expect(failed).toMatchObject({ email: mail, attempts: 4 });
  expect(failed?.message).toContain('It was tried 4 times.');
  expect(failed?.intent_at).toBeInstanceOf(Date);

  broken.clear();
  const retried = await retryThem(here.engine.store.db, { run: run.id });
  const end = await here.carryOut(run.id);
  expect(retried.map(({ email }) => email)).toEqual([mail]);
  expect(end.counts).toEqual(new Map([['done', 2]]));
  expect(here.effects()).toHaveLength(2);
});

test('a retry is passed over where a newer run has looked at the person since', async () => {
  await using here = await install({ people: 1 });
  const refusal = here.sandbox.fault({ operation: 'create', effect: { kind: 'status', status: 400 } });
  const { run } = await here.sync();
  refusal.clear();
  await here.sync();

  expect(await retryThem(here.engine.store.db, { run: run.id })).toEqual([]);
  expect(here.effects()).toHaveLength(1);
});

describe('a lease', () => {
  const released = async () => {
    const here = await install({ people: 1 });
    const run = await here.release();
    return { here, db: here.engine.store.db, id: `${run}.1` as OperationId, run };
  };

  test('is had by one worker alone, however many ask', async () => {
    const { here, db, id } = await released();
    await using _ = here;

    const claimed = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((owner) => claim(db, id, owner, 60_000)));

    expect(claimed.filter((one) => one !== undefined)).toHaveLength(1);
  });

  // A renewal waited for operations that were being ended, and those for it: PostgreSQL broke one of the two off (40P01).
  test('is renewed without waiting for those that somebody is ending', async () => {
    await using here = await install({ people: 2 });
    const run = await here.release();
    const { db } = here.engine.store;
    const [first, second] = [`${run}.1` as OperationId, `${run}.2` as OperationId];
    for (const id of [first, second]) await claim(db, id, 'one', 60_000);
    const leases = async () =>
      new Map((await here.operations(run)).map(({ id, lease_until: until }) => [id, until?.getTime() ?? 0]));
    const before = await leases();

    await db.transaction().execute(async (tx) => {
      await tx.selectFrom('operations').select('id').where('id', '=', first).forUpdate().execute();
      // Were it to wait, the two would wait for each other.
      await renewLeases(db, 'one', [first, second], 600_000);
    });

    const after = await leases();
    expect(after.get(first)).toBe(before.get(first));
    expect(after.get(second)).toBeGreaterThan((before.get(second) ?? 0) + 500_000);
  });

  test('that ran out goes to another, and the first can neither send nor end anything any more', async () => {
    const { here, db, id } = await released();
    await using _ = here;
    await claim(db, id, 'slow', 1);
    await until(
      () => claim(db, id, 'quick', 60_000),
      (operation) => operation !== undefined,
    );

    await expect(noteIntent(db, id, 'slow')).rejects.toThrow(LeaseLostError);
    const end = { state: 'failed', message: 'no', mayHaveHappened: false } as const;
    await expect(endOperation(db, id, 'slow', end)).rejects.toThrow(LeaseLostError);
    const again = { delayMs: 0, message: 'no', countsAsAttempt: true, mayHaveHappened: false };
    await expect(postpone(db, id, 'slow', again)).rejects.toThrow(LeaseLostError);
    await noteIntent(db, id, 'quick');
    expect(await operations(db, { states: ['running'] })).toMatchObject([
      { id, lease_owner: 'quick', attempts: 2 },
    ]);
  });

  test('on a creation tells whoever has it next that its request may have gone out', async () => {
    const { here, db, id } = await released();
    await using _ = here;

    const first = await claim(db, id, 'slow', 1);
    const next = await until(
      () => claim(db, id, 'quick', 60_000),
      (operation) => operation !== undefined,
    );

    expect(first?.intent_at).toBeNull();
    expect(next?.intent_at).toBeInstanceOf(Date);
  });

  test('of a worker that is gone has the operation carried out by another, once', async () => {
    const { here, db, id, run } = await released();
    await using _ = here;
    await claim(db, id, 'gone', 1);
    await noteIntent(db, id, 'gone');

    const end = await here.carryOut(run);

    expect(end.counts).toEqual(new Map([['done', 1]]));
    expect(here.effects()).toHaveLength(1);
  });
});
