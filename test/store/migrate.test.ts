import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate, openStore } from '../../src/store/index.ts';
import { failOnError, newStore, type TestStore } from './stores.ts';

const run =
  (...statements: readonly string[]): Migration['up'] =>
  async (db) => {
    for (const statement of statements) await sql.raw(statement).execute(db);
  };

const first = { '0001-people': { up: run('CREATE TABLE people (id int)', 'INSERT INTO people VALUES (1)') } };
const both = { ...first, '0002-names': { up: run('ALTER TABLE people ADD COLUMN name text') } };

const columns = async (db: Kysely<never>): Promise<unknown[]> =>
  (
    await sql<{ column_name: string }>`
      SELECT column_name FROM information_schema.columns WHERE table_name = 'people' ORDER BY 1`.execute(db)
  ).rows.map((row) => row.column_name);

describe.each(['embedded', 'server'] as const)('on the %s store', (kind) => {
  let test_: TestStore;
  beforeEach(async () => {
    test_ = await newStore(kind);
  });
  afterEach(() => test_.end());

  test('applies what is pending, in order, once', async () => {
    const { db } = test_.store;

    expect(await migrate(db, first)).toEqual(['0001-people']);
    expect(await migrate(db, both)).toEqual(['0002-names']);
    expect(await migrate(db, both)).toEqual([]);
    expect(await columns(db as unknown as Kysely<never>)).toEqual(['id', 'name']);
  });

  test('several that start at once apply each migration once', async () => {
    const others = await Promise.all(
      [1, 2, 3].map(() => openStore(test_.database, { onError: failOnError })),
    );
    try {
      const applied = await Promise.all([test_.store, ...others].map(({ db }) => migrate(db, both)));

      expect(applied.flat().toSorted()).toEqual(['0001-people', '0002-names']);
      expect((await test_.store.pool.query('SELECT id FROM people')).rows).toEqual([{ id: 1 }]);
    } finally {
      await Promise.all(others.map((store) => store.close()));
    }
  });

  test('one that fails leaves the database as it was, and says which and why', async () => {
    const broken = {
      ...first,
      '0002-broken': { up: run('CREATE TABLE fine (id int)', 'ALTER TABLE nowhere ADD x int') },
    };

    await expect(migrate(test_.store.db, broken)).rejects.toMatchObject({
      kind: 'migration',
      message: expect.stringMatching(/0002-broken: relation "nowhere" does not exist/),
    });
    expect(await migrate(test_.store.db, both)).toEqual(['0001-people', '0002-names']);
  });

  test('a database that is newer than the program is refused by a clear sentence', async () => {
    await migrate(test_.store.db, both);

    await expect(migrate(test_.store.db, first)).rejects.toMatchObject({
      kind: 'newer',
      message: expect.stringMatching(/newer Rollcall: it has 0002-names/),
    });
  });

  test('the real migrations apply', async () => {
    expect(await migrate(test_.store.db)).not.toEqual([]);
    expect(await migrate(test_.store.db)).toEqual([]);
  });
});
