import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUpkeep } from '../../../src/store/embedded/upkeep.ts';
import { failOnError, newStore, type TestStore } from '../stores.ts';

let embedded: TestStore;

beforeAll(async () => {
  embedded = await newStore('embedded');
});
afterAll(() => embedded.end());

test('room that changed rows took up is used again, however often they change', async () => {
  const { pool } = embedded.store;
  await pool.query(
    `CREATE TABLE people AS SELECT id, 'somebody' AS name FROM generate_series(1, 1000) AS id`,
  );
  const pages = async (): Promise<number> =>
    Number((await pool.query(`SELECT pg_relation_size('people') / 8192 AS pages`)).rows[0].pages);
  const vacuumed = async (): Promise<number> =>
    Number(
      (await pool.query(`SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'people'`)).rows[0]
        .vacuum_count,
    );
  const atFirst = await pages();
  const upkeep = startUpkeep(pool, failOnError, 20);
  try {
    for (let round = 1; round <= 5; round += 1) {
      await pool.query(`UPDATE people SET name = 'round ${round}'`);
      await expect.poll(vacuumed, { timeout: 10_000 }).toBeGreaterThanOrEqual(round);
    }

    expect(await pages()).toBeLessThanOrEqual(2 * atFirst + 1);
  } finally {
    await upkeep.stop();
  }
});

test('what is in the tables is known when queries are planned', async () => {
  const { pool } = embedded.store;
  await pool.query('CREATE TABLE orders AS SELECT id, id % 4 AS kind FROM generate_series(1, 1000) AS id');
  const upkeep = startUpkeep(pool, failOnError, 20);
  try {
    const known = async () =>
      (await pool.query(`SELECT attname, n_distinct FROM pg_stats WHERE tablename = 'orders'`)).rows;

    await expect.poll(known, { timeout: 10_000 }).toContainEqual({ attname: 'kind', n_distinct: 4 });
  } finally {
    await upkeep.stop();
  }
});
