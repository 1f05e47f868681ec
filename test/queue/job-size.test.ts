/** Operations that are due share jobs: where many are, many; and never so that workers have nothing to do. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { type Dispatchable, markDispatched } from '../../src/store/operations/dispatch.ts';
import { type Installation, install } from '../engine/installation.ts';

const size = { most: 20, jobs: 100 };

/** So many are due from now on, and nothing else is; every ninth somebody who leaves. */
async function due({ engine, request }: Installation, count: number): Promise<readonly Dispatchable[]> {
  const { db } = engine.store;
  await db.deleteFrom('operations').execute();
  const run = await request('apply');
  await sql`INSERT INTO operations (id, run_id, seq, source_id, anchor, kind, state, label, reason, before, after, desired)
    SELECT ${run} || '.' || n, ${run}, n, 'people', ${run} || n, CASE WHEN n % 9 = 0 THEN 'deactivate' ELSE 'create' END,
      'queued', 'P' || n, 'r', '{}', '{}', '{}'
    FROM generate_series(1, ${count}::integer) AS n`.execute(db);
  return await markDispatched(db, 2_000, size);
}

test.each([1, 99, 199, 200, 250, 777, 1_000, 1_999, 2_000])('%i that are due', async (count) => {
  await using here = await install({ people: 1 });

  const marked = await due(here, count);

  expect(marked).toHaveLength(count);
  const jobs = Map.groupBy(marked, ({ job }) => job);
  expect(jobs.size).toBeGreaterThanOrEqual(Math.min(count, size.jobs));
  for (const [job, some] of jobs) {
    expect(some.length).toBeLessThanOrEqual(size.most);
    expect(new Set(some.map(({ kind }) => kind)).size).toBe(1);
    if (some.some(({ kind }) => kind === 'deactivate')) expect(some.map(({ id }) => id)).toEqual([job]);
  }
  const largest = Math.max(...[...jobs.values()].map((some) => some.length));
  if (count < 2 * size.jobs) expect(largest).toBe(1);
  if (count >= size.most * size.jobs) expect(largest).toBeGreaterThan(size.most / 2);
});

test('few that are due have jobs of their own, named as they are', async () => {
  await using here = await install({ people: 1 });

  expect((await due(here, 30)).every(({ id, job }) => id === job)).toBe(true);
});
