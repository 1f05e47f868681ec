import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { recordOutcome } from '../../src/execute/record.ts';
import { claim } from '../../src/store/operations/leases.ts';
import type { OperationId } from '../../src/store/operations/operation.ts';
import { operations } from '../../src/store/operations/operations.ts';
import { until } from '../e2e/stage.ts';
import { install } from '../engine/installation.ts';

const retry = { attempts: 4, backoffMs: 1, maxBackoffMs: 1 };

// The log said of somebody that their creation was not tried, while another worker was about to make it.
test('what another worker takes at the same moment is not told as dropped when the licence is full', async () => {
  await using here = await install({ people: 3 });
  const { db } = here.engine.store;
  const run = await here.release();
  const id = (number: number) => `${run}.${number}` as OperationId;
  const mine = await claim(db, id(1), 'me', 60_000);
  if (mine === undefined) throw new Error('It is not to be had.');
  const full = { kind: 'licence-full', message: 'The org is full.' } as const;

  let recorded: Promise<unknown> = Promise.resolve();
  await db.transaction().execute(async (other) => {
    await claim(other, id(2), 'other', 60_000);
    recorded = recordOutcome(
      db,
      { operation: mine, outcome: full, mayHaveHappened: false },
      'me',
      retry,
      new Date(),
    );
    await until(
      () =>
        sql<{ readonly count: string }>`
          SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(
          db,
        ),
      ({ rows }) => Number(rows[0]?.count) > 0,
    );
  });
  await recorded;

  expect((await operations(db, { run })).map(({ state }) => state)).toEqual([
    'failed',
    'running',
    'superseded',
  ]);
  const told = (await latestEntries(db, { run }, 100)).map((entry) => [entry.operation_id, entry.action]);
  expect(told).toEqual([
    [null, 'run.planned'],
    [id(1), 'operation.failed'],
    [id(3), 'operation.superseded'],
  ]);
});
