/** Promise 8: the queue can be wiped at any moment: what was not done is queued again, and nothing happens twice. */
import { describe, expect, test } from 'vitest';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { settleRun } from '../../src/plan/index.ts';
import { runOf } from '../../src/store/runs/runs.ts';
import { combinations, until } from '../e2e/stage.ts';
import { install } from '../engine/installation.ts';
import { wipeQueue } from '../queue/wipe.ts';

describe.each(combinations)('on %s', (combination) => {
  test('a queue that is wiped again and again in the middle of the work loses and doubles nothing', async () => {
    await using here = await install({ combination, people: 20, api: { concurrency: '3' } });
    await here.sync();
    const all = sampleDirectory({ people: 80 });
    await here.publish(markLeft(all, here.person(0).uid));
    const run = await here.release();
    here.sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 60 } });
    const { dispatcher, store } = here.engine;
    const worker = here.engine.startWorker();
    dispatcher.start();
    try {
      for (const count of [25, 45, 60]) {
        await until(
          () => here.effects().length,
          (effects) => effects >= count,
        );
        await wipeQueue(here.engine);
        // What the sweep takes for lost was put into the queue a while ago.
        await store.db
          .updateTable('operations')
          .set({ dispatched_at: new Date(Date.now() - 60_000) })
          .where('dispatched_at', 'is not', null)
          .execute();
        await dispatcher.sweep();
      }
      await until(
        () => settleRun(store.db, run),
        (state) => state === 'done',
      );
    } finally {
      await dispatcher.close();
      await worker.close(5_000);
    }

    expect((await runOf(store.db, run))?.state).toBe('done');
    expect((await here.operations(run)).every(({ state }) => state === 'done')).toBe(true);
    const effects = here.effects();
    expect(effects).toHaveLength(20 + 60 + 1);
    expect(new Set(effects).size).toBe(effects.length);
    expect((await here.sync()).counts).toEqual(new Map());
  });
});
