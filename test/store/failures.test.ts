/** Failures by what they failed of: counted in the store, however many there are. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { failureGroup, failureGroups, failures, failuresOf } from '../../src/store/operations/failures.ts';
import { type Installation, install } from '../engine/installation.ts';

/** Operations that failed, one a second, the later ones the later. */
async function fail(
  { engine, request }: Installation,
  count: number,
  cause: string,
  kind = 'edit',
): Promise<void> {
  const run = await request('apply');
  await sql`INSERT INTO operations (id, run_id, seq, source_id, anchor, kind, state, label, reason, before, after, desired,
      message, cause, ended_at)
    SELECT ${run} || '.' || n, ${run}, n, 'people', ${run} || n, ${kind}, 'failed', 'P' || n, 'r', '{}', '{}', '{}',
      ${cause} || ' of ' || n, nullif(${cause}, ''), now() + n * interval '1 second'
    FROM generate_series(1, ${count}::integer) AS n`.execute(engine.store.db);
}

const store = (here: Installation) => here.engine.store.db;

test('what many failed of comes first, with kinds, sources and the last time', async () => {
  await using here = await install({ people: 1 });
  await fail(here, 3, '(address) is taken.', 'create');
  await fail(here, 4, 'The server answered 500.');
  await fail(here, 2, 'The server answered 500.', 'create');

  const { groups, failed, causes } = await failureGroups(store(here), 10);

  expect({ failed, causes }).toEqual({ failed: 9, causes: 2 });
  expect(groups).toMatchObject([
    { cause: 'The server answered 500.', count: 6, sources: ['people'] },
    { cause: '(address) is taken.', count: 3, sources: ['people'] },
  ]);
  expect(groups[0]?.kinds).toEqual(
    new Map([
      ['create', 2],
      ['edit', 4],
    ]),
  );
  const [latest] = await failuresOf(store(here), groups[0]?.key ?? '', { offset: 0, limit: 1 });
  expect(groups[0]?.lastAt).toEqual(latest?.ended_at);
});

test('the rest of the causes is counted, too', async () => {
  await using here = await install({ people: 1 });
  for (const cause of ['one', 'two', 'three']) await fail(here, 2, cause);

  const { groups, failed, causes } = await failureGroups(store(here), 2);

  expect(groups).toHaveLength(2);
  expect({ failed, causes }).toEqual({ failed: 6, causes: 3 });
});

test('where nothing has failed, there is nothing', async () => {
  await using here = await install({ people: 1 });

  expect(await failureGroups(store(here), 2)).toEqual({ groups: [], failed: 0, causes: 0 });
  expect(await failureGroup(store(here), 'ab')).toBeUndefined();
});

test('a group’s failures come a page at a time, the latest first, also those without a reason', async () => {
  await using here = await install({ people: 1 });
  await fail(here, 5, '');
  const [group] = (await failureGroups(store(here), 1)).groups;

  const page = (offset: number) => failuresOf(store(here), group?.key ?? '', { offset, limit: 2 });

  expect((await page(0)).map(({ seq }) => seq)).toEqual([5, 4]);
  expect((await page(4)).map(({ seq }) => seq)).toEqual([1]);
  expect(await failures(store(here), { cause: group?.key, saying: ' OF 3' })).toMatchObject([{ seq: 3 }]);
});

test('of 100,000 failures a page reads its own, by the index', async () => {
  await using here = await install({ people: 1 });
  await fail(here, 100_000, 'The server answered 500.');
  await fail(here, 1, 'rare');
  await sql`ANALYZE operations`.execute(store(here));
  const { groups } = await failureGroups(store(here), 50);
  const [many] = groups;

  const { rows } = await sql<{ 'QUERY PLAN': string }>`
    EXPLAIN (ANALYZE, TIMING OFF) SELECT * FROM operations
    WHERE state = 'failed' AND md5(coalesce(cause, '')) = ${many?.key}
    ORDER BY md5(coalesce(cause, '')), ended_at DESC, id LIMIT 5`.execute(store(here));

  expect(groups.map(({ count }) => count)).toEqual([100_000, 1]);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('operations_failed_of');
  expect(plan).not.toContain('Sort');
  expect(await failuresOf(store(here), many?.key ?? '', { offset: 0, limit: 5 })).toHaveLength(5);
});
