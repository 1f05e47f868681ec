/** Many failures in one run are one mistake: the rest waits until a person has looked. */
import { expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import type { Operation } from '../../src/store/operations/operations.ts';
import { install } from '../engine/installation.ts';

const config = { guards: '{ maxFailures: { count: 5, percent: 0 } }' };
const all = sampleDirectory({ people: 40 });

const counted = (operations: readonly Operation[], kind: Operation['kind'], state: Operation['state']) =>
  operations.filter((one) => one.kind === kind && one.state === state).length;

/** Five people in the org, of whom one leaves while 35 others join whom the org refuses. */
async function refused() {
  const here = await install({ people: 5, config, api: { concurrency: '4' } });
  const staff = all.slice(0, 5);
  await here.publish(staff);
  await here.sync();
  await here.publish(markLeft(all, staff[0]?.uid ?? ''));
  const fault = here.sandbox.fault({
    operation: 'create',
    effect: { kind: 'status', status: 400, body: { error: 'No such role.' }, when: 'before' },
  });
  return { here, fault };
}

test('after too many failures what is not begun is held, with a sentence; the leaver goes', async () => {
  const { here } = await refused();
  await using _ = here;

  const { run } = await here.sync();

  const operations = await here.operations(run.id);
  const failed = counted(operations, 'create', 'failed');
  expect(failed).toBeGreaterThan(5);
  expect(failed).toBeLessThan(15);
  expect(counted(operations, 'create', 'held')).toBe(35 - failed);
  expect(counted(operations, 'deactivate', 'done')).toBe(1);
  expect(run).toMatchObject({ state: 'held', expires_at: expect.any(Date) });
  expect(run.summary?.holds).toMatchObject([
    {
      guard: 'maxFailures',
      kind: 'create',
      sentence: expect.stringMatching(
        /are not begun: [0-9]+ of 35 operations of the run have failed, more than the 5 that guards.maxFailures allows \(the larger of 5 and 0 %\)[.] Look at `rollcall operations --failed`/,
      ),
    },
  ]);
  const entries = await latestEntries(here.engine.store.db, { run: run.id }, 100);
  expect(entries.filter(({ action }) => action === 'run.held')).toHaveLength(1);
});

test('approving goes on to the end, whatever fails then', async () => {
  const { here } = await refused();
  await using _ = here;
  const { run } = await here.sync();

  await here.approve(run.id);
  const end = await here.carryOut(run.id);

  expect(end.counts).toEqual(
    new Map([
      ['failed', 35],
      ['done', 1],
    ]),
  );
});

test('and what is mended meanwhile is done by then', async () => {
  const { here, fault } = await refused();
  await using _ = here;
  const { run, counts } = await here.sync();
  fault.clear();

  await here.approve(run.id);
  const end = await here.carryOut(run.id);

  expect(end.counts.get('failed')).toBe(counts.get('failed'));
  expect(end.counts.get('held')).toBeUndefined();
  expect(here.sandbox.users.length).toBeGreaterThan(20);
});

test('few failures stop nothing', async () => {
  await using here = await install({ people: 20, config });
  here.sandbox.fault({
    operation: 'create',
    times: 5,
    effect: { kind: 'status', status: 400, body: { error: 'No such role.' }, when: 'before' },
  });

  const { run, counts } = await here.sync();

  expect(run.state).toBe('done');
  expect(Object.fromEntries(counts)).toEqual({ failed: 5, done: 15 });
});
