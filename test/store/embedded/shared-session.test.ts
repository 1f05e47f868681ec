import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { listenOn } from '../../../src/store/embedded/serve.ts';
import { newStore, type TestStore, temporaryFolder } from '../stores.ts';

let embedded: TestStore;
let clients: pg.Client[] = [];
let tables = 0;
let table = '';

beforeAll(async () => {
  embedded = await newStore('embedded');
});
afterAll(() => embedded.end());

beforeEach(async () => {
  tables += 1;
  table = `notes_${tables}`;
  await embedded.store.pool.query(`CREATE TABLE ${table} (text text)`);
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()));
  clients = [];
});

async function connect(config: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ ...embedded.store.connection, ...config });
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

const texts = async (client: pg.Client): Promise<unknown[]> =>
  (await client.query(`SELECT text FROM ${table} ORDER BY text`)).rows.map((row) => row.text);

/** Breaks the connection as the end of its process would. */
function vanish(client: pg.Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
}

test('a transaction sees none of what others write meanwhile, and they none of it', async () => {
  const [one, other] = [await connect(), await connect()];

  await one.query('BEGIN');
  await one.query(`INSERT INTO ${table} VALUES ('one')`);
  const others = other.query(`INSERT INTO ${table} VALUES ('other')`);
  expect(await texts(one)).toEqual(['one']);
  await one.query('ROLLBACK');
  await others;

  expect(await texts(one)).toEqual(['other']);
});

test('many clients with transactions, failures and single queries at once never mix', async () => {
  const failing = async (client: pg.Client, round: number): Promise<void> => {
    await client.query('BEGIN');
    await client.query(`INSERT INTO ${table} VALUES ('undone')`);
    await expect(client.query('SELECT 1 / $1::int', [round * 0])).rejects.toThrow('division by zero');
    await client.query('ROLLBACK');
  };
  const working = async (client: pg.Client, round: number): Promise<void> => {
    await client.query('BEGIN');
    await client.query(`INSERT INTO ${table} VALUES ($1)`, [`a${round}`]);
    await client.query(`INSERT INTO ${table} VALUES ($1)`, [`b${round}`]);
    await client.query('COMMIT');
  };
  const asking = async (client: pg.Client, round: number): Promise<void> => {
    const { rows } = await client.query('SELECT $1::int AS number, $2::text AS text', [round, `t${round}`]);
    expect(rows).toEqual([{ number: round, text: `t${round}` }]);
  };
  const failingAlone = (client: pg.Client): Promise<void> =>
    expect(client.query('SELECT $1::int FROM nowhere', [1])).rejects.toThrow('nowhere');

  await Promise.all(
    [failing, working, asking, failingAlone, asking].map(async (act) => {
      const client = await connect();
      for (let round = 0; round < 50; round += 1) await act(client, round);
    }),
  );

  const written = await texts(await connect());
  expect(written).toHaveLength(100);
  expect(written).not.toContain('undone');
});

test('a client that vanishes in a transaction is rolled back, and the next one gets its turn', async () => {
  const [one, other] = [await connect(), await connect()];
  await one.query('BEGIN');
  await one.query(`INSERT INTO ${table} VALUES ('lost')`);
  const waiting = texts(other);

  vanish(one);

  expect(await waiting).toEqual([]);
  await other.query(`INSERT INTO ${table} VALUES ('kept')`);
  expect(await texts(other)).toEqual(['kept']);
});

test('a client that vanishes while its statement runs leaves nothing behind', async () => {
  const [one, other] = [await connect(), await connect()];
  await one.query('BEGIN');
  one.query(`INSERT INTO ${table} SELECT 'lost' FROM generate_series(1, 50000)`).catch(() => {});
  one.query(`INSERT INTO ${table} VALUES ('lost too')`).catch(() => {});
  const waiting = texts(other);

  setImmediate(() => vanish(one));

  expect(await waiting).toEqual([]);
});

test('a failed transaction that is left open blocks nobody once its client ends', async () => {
  const [one, other] = [await connect(), await connect()];
  await one.query('BEGIN');
  await expect(one.query('nonsense')).rejects.toThrow('syntax error');
  const waiting = other.query('SELECT 1');

  vanish(one);

  await expect(waiting).resolves.toBeDefined();
});

test('notifications reach those who listen, and nobody else', async () => {
  const [listener, other, sender] = [await connect(), await connect(), await connect()];
  const heard: string[] = [];
  listener.on('notification', ({ channel, payload }) => heard.push(`listener ${channel} ${payload}`));
  other.on('notification', ({ channel, payload }) => heard.push(`other ${channel} ${payload}`));
  sender.on('notification', ({ channel, payload }) => heard.push(`sender ${channel} ${payload}`));
  await listener.query('LISTEN "a.b"');
  await other.query('-- Where the news come.\nSELECT 1; /* all */ listen C');

  await sender.query(`SELECT pg_notify('a.b', '1')`);
  await sender.query('BEGIN');
  await sender.query(`NOTIFY c, '2'`);
  await sender.query('COMMIT');
  await other.query('UNLISTEN *');
  await sender.query(`NOTIFY c, '3'`);
  await sender.query(`SELECT pg_notify('a.b', '4')`);

  await expect.poll(() => heard).toEqual(['listener a.b 1', 'other c 2', 'listener a.b 4']);
});

test('one UNLISTEN does not end what others listen to', async () => {
  const [one, other] = [await connect(), await connect()];
  const heard: unknown[] = [];
  one.on('notification', ({ payload }) => heard.push(payload));
  await one.query('LISTEN news');
  await other.query('LISTEN news');

  await other.query('UNLISTEN news');
  await other.query(`NOTIFY news, 'still'`);

  await expect.poll(() => heard).toEqual(['still']);
});

test('clients may give their prepared statements the same name', async () => {
  const [one, other] = [await connect(), await connect()];
  for (let round = 0; round < 3; round += 1) {
    const [first, second] = await Promise.all([
      one.query({ name: 'same', text: 'SELECT $1::int AS number', values: [round] }),
      other.query({ name: 'same', text: 'SELECT $1::text AS text', values: [`t${round}`] }),
    ]);
    expect(first.rows).toEqual([{ number: round }]);
    expect(second.rows).toEqual([{ text: `t${round}` }]);
  }
});

test('the prepared statements of clients that are gone are gone', async () => {
  const gone = await connect();
  await gone.query({ name: 'mine', text: 'SELECT 1' });
  await gone.query({ name: 'broken', text: 'SELECT nonsense' }).catch(() => {});
  vanish(gone);

  const watcher = await connect();
  const left = async (): Promise<unknown> =>
    (
      await watcher.query(
        "SELECT count(*)::int AS count FROM pg_prepared_statements WHERE name LIKE '%:mine'",
      )
    ).rows[0];
  await expect.poll(left).toEqual({ count: 0 });
});

test('every client has a search_path of its own, given when it connects or set later', async () => {
  await embedded.store.pool.query('CREATE SCHEMA IF NOT EXISTS elsewhere');
  const plain = await connect();
  const given = await connect({ options: '-c search_path="elsewhere"' });
  const path = async (client: pg.Client): Promise<unknown> =>
    (await client.query('SHOW search_path')).rows[0].search_path;

  expect([await path(given), await path(plain), await path(given)]).toEqual([
    'elsewhere',
    'public',
    'elsewhere',
  ]);

  await plain.query('SET search_path TO elsewhere, public');
  await given.query('BEGIN');
  await given.query('SET LOCAL search_path TO pg_catalog');
  expect(await path(given)).toBe('pg_catalog');
  await given.query('COMMIT');
  expect([await path(plain), await path(given)]).toEqual(['elsewhere, public', 'elsewhere']);
});

test('a large value and a large answer come through whole', async () => {
  const client = await connect();
  const large = 'ä'.repeat(3_000_000);

  await client.query(`INSERT INTO ${table} VALUES ($1)`, [large]);
  const { rows } = await client.query(`SELECT text FROM ${table}, generate_series(1, 3)`);

  expect(rows.map((row) => row.text === large)).toEqual([true, true, true]);
});

test('a client that keeps a transaction open without using it is ended when others wait, and only then', async () => {
  const folder = temporaryFolder();
  const server = await listenOn(`${folder.path}/.s.PGSQL.1`);
  const database = await PGlite.create('memory://');
  await server.serve(database, 50);
  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client({ host: folder.path, port: 1, user: 'postgres', ssl: false });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const [idle, other] = [await open(), await open()];
  try {
    await idle.query('BEGIN');
    await new Promise((resolve) => setTimeout(resolve, 150));
    await idle.query('CREATE TABLE lost (id int)');

    await expect(other.query('SELECT * FROM lost')).rejects.toThrow('relation "lost" does not exist');
    await expect(idle.query('COMMIT')).rejects.toThrow();
  } finally {
    await other.end();
    await server.close();
    await database.close();
    folder.remove();
  }
});
