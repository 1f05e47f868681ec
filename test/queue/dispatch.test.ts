import { describe, expect, test } from 'vitest';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { type OperationJob, operationQueueName, operationsIn } from '../../src/queue/index.ts';
import { operations } from '../../src/store/operations/operations.ts';
import { pauseExecution } from '../../src/store/service/pauses.ts';
import { combinations, until } from '../e2e/stage.ts';
import { type Installation, install } from '../engine/installation.ts';
import { wipeQueue } from './wipe.ts';

const waiting = (here: Installation) =>
  here.engine.backend
    .queue(operationQueueName)
    .getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed');

/** As if what was dispatched had been so long ago. */
const age = (here: Installation) =>
  here.engine.store.db
    .updateTable('operations')
    .set({ dispatched_at: new Date(Date.now() - 60_000) })
    .where('dispatched_at', 'is not', null)
    .execute();

describe.each(combinations)('dispatch on %s', (combination) => {
  test('what the queue has lost is queued again, and done once', async () => {
    await using here = await install({ combination, people: 20 });
    const { dispatcher } = here.engine;
    const run = await here.release();
    expect(await dispatcher.dispatchDue()).toBe(20);
    expect(await dispatcher.dispatchDue()).toBe(0);
    expect(await waiting(here)).toBe(20);
    await age(here);

    await dispatcher.sweep();
    expect(await dispatcher.dispatchDue()).toBe(0);
    await wipeQueue(here.engine);
    await dispatcher.sweep();

    expect(await dispatcher.dispatchDue()).toBe(20);
    const end = await here.carryOut(run);
    expect(end.counts).toEqual(new Map([['done', 20]]));
    expect(here.effects()).toHaveLength(20);
  });
});

describe('dispatch', () => {
  test('waits a while before it takes something just dispatched for lost', async () => {
    await using here = await install({ people: 3 });
    await here.release();
    await here.engine.dispatcher.dispatchDue();
    await wipeQueue(here.engine);

    await here.engine.dispatcher.sweep();

    expect(await here.engine.dispatcher.dispatchDue()).toBe(0);
  });

  // The jobs of operations in hand hid the loss of as many others, for as long as there was work at all.
  test('finds a loss while other operations are in hand', async () => {
    await using here = await install({ people: 6, api: { concurrency: '2' } });
    here.sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 1_500 } });
    await here.release();
    await here.engine.dispatcher.dispatchDue();
    const worker = here.engine.startWorker();
    await until(
      () => operations(here.engine.store.db, { states: ['running'] }),
      (inHand) => inHand.length === 2,
    );
    const queue = here.engine.backend.queue(operationQueueName);
    const jobs = await queue.getJobs(['prioritized', 'waiting']);
    for (const job of jobs.slice(0, 2)) await job.remove();
    await age(here);

    await here.engine.dispatcher.sweep();

    expect(await here.engine.dispatcher.dispatchDue()).toBeGreaterThanOrEqual(2);
    await worker.close(5_000);
  });

  // Each such alarm put the whole queue in again: with 100,000 in it, nobody got anything else done.
  test('takes what ends while it counts for no loss', async () => {
    await using here = await install({ people: 250, api: { concurrency: '10' } });
    const { dispatcher } = here.engine;
    await here.release();
    await dispatcher.dispatchDue();
    await age(here);
    const worker = here.engine.startWorker();
    let again = 0;

    while (here.effects().length < 240) {
      await dispatcher.sweep();
      again += await dispatcher.dispatchDue();
    }

    expect(again).toBe(0);
    await worker.close(5_000);
  });

  test('several dispatchers put each operation into the queue once', async () => {
    await using here = await install({ people: 40 });
    const others = [await here.another(), await here.another()];
    await here.release();

    const counts = await Promise.all(
      [here.engine, ...others].flatMap((engine) => [
        engine.dispatcher.dispatchDue(),
        engine.dispatcher.dispatchDue(),
      ]),
    );

    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(await waiting(here)).toBe(40);
  });

  test('puts nothing into the queue while execution is paused', async () => {
    await using here = await install({ people: 2 });
    await here.release();
    await pauseExecution(here.engine.store.db, 'The key was refused.');

    expect(await here.engine.dispatcher.dispatchDue()).toBe(0);
  });

  test('puts many creations into few jobs, of one run each, and counts those for what was lost', async () => {
    await using here = await install({ combination: 'PostgreSQL and Redis', people: 520 });
    const { dispatcher } = here.engine;
    const run = await here.release();

    expect(await dispatcher.dispatchDue()).toBe(520);

    const queue = here.engine.backend.queue<OperationJob>(operationQueueName);
    const jobs = await queue.getJobs(['prioritized', 'waiting']);
    const sizes = jobs.map(({ data }) => operationsIn(data).length);
    // As large as still leave about a hundred of them.
    expect(Math.max(...sizes)).toBe(5);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(520);
    expect(jobs.flatMap(({ data }) => operationsIn(data)).every((id) => id.startsWith(`${run}.`))).toBe(true);
    await age(here);
    await dispatcher.sweep();
    expect(await dispatcher.dispatchDue()).toBe(0);
    await jobs[0]?.remove();
    await dispatcher.sweep();
    expect(await dispatcher.dispatchDue()).toBe(520);
    const end = await here.carryOut(run);
    expect(end.counts).toEqual(new Map([['done', 520]]));
    expect(here.effects()).toHaveLength(520);
  });

  test('leaves what is not due yet', async () => {
    await using here = await install({ people: 2 });
    const run = await here.release();
    await here.engine.store.db
      .updateTable('operations')
      .set({ not_before: new Date(Date.now() + 3_600_000) })
      .where('run_id', '=', run)
      .where('seq', '=', 1)
      .execute();

    expect(await here.engine.dispatcher.dispatchDue()).toBe(1);
  });

  test('puts an id into the queue and nothing else, deactivations first', async () => {
    await using here = await install({ people: 4 });
    await here.sync();
    await here.publish(
      sampleDirectory({ people: 6 }).map((person, index) =>
        index === 1 ? { ...person, title: 'Captain' } : person,
      ),
    );
    await here.publish(markLeft(here.people, here.person(0).uid));
    await here.release();

    await here.engine.dispatcher.dispatchDue();

    const jobs = await here.engine.backend.queue(operationQueueName).getJobs(['prioritized', 'waiting']);
    expect(jobs.every((job) => JSON.stringify(job.data) === JSON.stringify({ operation: job.id }))).toBe(
      true,
    );
    const byUrgency = [...jobs].sort((one, other) => (one.opts.priority ?? 0) - (other.opts.priority ?? 0));
    expect(byUrgency.map(({ name }) => name)).toEqual(['deactivate', 'edit', 'create', 'create']);
    const stored = JSON.stringify(jobs.map(({ id, name, data, opts }) => ({ id, name, data, opts })));
    for (const { mail, uid, surname } of here.people)
      for (const personal of [mail, uid, surname]) expect(stored).not.toContain(personal);
  });
});
