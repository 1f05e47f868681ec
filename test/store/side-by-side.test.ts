/** While an upgrade rolls out, the version before works on tables of the new one. So a migration only adds. */
import { type Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrate } from '../../src/store/index.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import type { Database } from '../../src/store/schema.ts';
import { newStore } from './stores.ts';

/** Up to here nobody has an older version at work: it is what the first release begins with. */
const firstReleased = '0029-api';

interface Column {
  readonly table: string;
  readonly type: string;
  readonly takesNull: boolean;
  readonly hasDefault: boolean;
}

interface Tables {
  readonly columns: ReadonlyMap<string, Column>;
  /** `table: what it demands`, with the columns that it is about. */
  readonly constraints: ReadonlyMap<string, readonly string[]>;
}

async function tablesOf(db: Kysely<Database>): Promise<Tables> {
  const columns = await sql<Column & { id: string }>`
    SELECT table_name || '.' || column_name AS id, table_name AS table, data_type AS type,
      is_nullable = 'YES' AS "takesNull", column_default IS NOT NULL OR is_identity = 'YES' AS "hasDefault"
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'kysely%'`.execute(
    db,
  );
  const constraints = await sql<{ demand: string; about: readonly string[] }>`
    SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) AS demand, ARRAY(
      SELECT conrelid::regclass || '.' || attname FROM pg_attribute
      WHERE attrelid = conrelid AND attnum = ANY (conkey)) AS about
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0`.execute(db);
  return {
    columns: new Map(columns.rows.map(({ id, ...column }) => [id, column])),
    constraints: new Map(constraints.rows.map(({ demand, about }) => [demand, about])),
  };
}

/** What a program that knows the tables before would stumble over in those after. */
function stumblingBlocks(before: Tables, after: Tables): readonly string[] {
  const known = new Set([...before.columns.values()].map(({ table }) => table));
  const changed = [...before.columns].flatMap(([id, was]) => {
    const is = after.columns.get(id);
    if (is === undefined) return [`${id} is gone`];
    if (is.type !== was.type) return [`${id} is ${is.type} now`];
    return was.takesNull && !is.takesNull ? [`${id} takes no null now`] : [];
  });
  const wanted = [...after.columns].flatMap(([id, { table, takesNull, hasDefault }]) =>
    known.has(table) && !takesNull && !hasDefault && before.columns.get(id)?.hasDefault !== false
      ? [`${id} has to be given now`]
      : [],
  );
  // Of columns that it doesn't know the older version sets none.
  const demanded = [...after.constraints].flatMap(([demand, about]) =>
    about.some((id) => before.columns.has(id)) && !before.constraints.has(demand) ? [`${demand} is new`] : [],
  );
  return [...changed, ...wanted, ...demanded];
}

/** What a migration says, in the order of the migrations, where it would be in an older version's way. */
async function blocksOf(db: Kysely<Database>): Promise<readonly string[]> {
  const names = Object.keys(migrations);
  const upTo = async (name: string): Promise<Tables> => {
    await migrate(db, Object.fromEntries(Object.entries(migrations).slice(0, names.indexOf(name) + 1)));
    return await tablesOf(db);
  };
  let before = await upTo(firstReleased);
  const found: string[] = [];
  for (const name of names.slice(names.indexOf(firstReleased) + 1)) {
    const after = await upTo(name);
    found.push(...stumblingBlocks(before, after).map((block) => `${name}: ${block}`));
    before = after;
  }
  return found;
}

test('each migration leaves tables that the version before can work with', async () => {
  const { store, end } = await newStore('server');
  try {
    expect(Object.keys(migrations)).toContain(firstReleased);
    expect(await blocksOf(store.db)).toEqual([]);
  } finally {
    await end();
  }
});

test('what an older version would stumble over is found', async () => {
  const { store, end } = await newStore('server');
  const run = async (statement: string): Promise<void> => void (await sql.raw(statement).execute(store.db));
  try {
    await run('CREATE TABLE people (id int NOT NULL, name text, born date, phone text)');
    const before = await tablesOf(store.db);
    await run(
      'ALTER TABLE people DROP COLUMN phone, ALTER COLUMN born TYPE text, ALTER COLUMN name SET NOT NULL',
    );
    await run(
      'ALTER TABLE people ADD COLUMN title text NOT NULL, ADD CHECK (id > 0), ADD COLUMN fine int CHECK (fine > 0)',
    );
    await run("ALTER TABLE people ADD COLUMN also_fine text NOT NULL DEFAULT ''");
    await run('CREATE TABLE more (id int NOT NULL)');

    expect(stumblingBlocks(before, await tablesOf(store.db)).toSorted()).toEqual([
      'people.born is text now',
      'people.name takes no null now',
      'people.phone is gone',
      'people.title has to be given now',
      'people: CHECK ((id > 0)) is new',
    ]);
  } finally {
    await end();
  }
});
