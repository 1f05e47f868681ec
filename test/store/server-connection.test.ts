import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { isLostConnection, openStore } from '../../src/store/index.ts';
import { freePort } from '../servers/free-port.ts';
import { createDatabase, startPostgres } from '../servers/postgres.ts';
import { failOnError } from './stores.ts';

type Change = (url: URL) => void;

async function refusal(change: Change): Promise<{ readonly kind: unknown; readonly told: string }> {
  const url = new URL(await createDatabase());
  change(url);
  const error: unknown = await openStore({ url: url.href }, { onError: failOnError }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('It opened.');
  return {
    kind: 'kind' in error ? error.kind : undefined,
    told: `${error.message}\n${error.stack}\n${JSON.stringify(error)}\n${String(error.cause)}`,
  };
}

test.each<{ name: string; kind: string; says: RegExp; change: Change }>([
  {
    name: 'a wrong password',
    kind: 'credentials',
    says: /refused the user rollcall or the password. Correct them in database.url/,
    change: (url) => {
      url.password = 'tell-nobody';
    },
  },
  {
    name: 'a database that does not exist',
    kind: 'database',
    says: /the database does not exist. Create it/,
    change: (url) => {
      url.pathname = '/nowhere';
    },
  },
  {
    name: 'a host that nobody knows',
    kind: 'unreachable',
    says: /its host name is not known/,
    change: (url) => {
      url.hostname = 'nowhere.invalid';
    },
  },
])('$name is said in a sentence, without the password', async ({ kind, says, change }) => {
  let password = '';
  const error = await refusal((url) => {
    change(url);
    password = url.password;
  });

  expect(error.kind).toBe(kind);
  expect(error.told).toMatch(says);
  expect(error.told).not.toContain(password);
});

test('a port where nobody listens is said in a sentence', async () => {
  const port = await freePort();
  const error = await refusal((url) => {
    url.port = String(port);
  });

  expect(error.told).toContain(`127.0.0.1:${port}`);
  expect(error.told).toContain('nobody listens there');
});

test('a server that restarts breaks no process: the next query makes a new connection', async () => {
  const server = await startPostgres();
  const broken: Error[] = [];
  const store = await openStore({ url: server.url }, { onError: (error) => broken.push(error) });
  try {
    // Two idle connections: the next query may take one that is broken, and the pool is told of the other.
    await Promise.all([store.pool.query('SELECT 1'), store.pool.query('SELECT 1')]);
    await server.kill();
    await expect(store.pool.query('SELECT 1')).rejects.toThrow();
    await server.start();

    expect((await store.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(broken).not.toEqual([]);
  } finally {
    await store.close();
    await server.stop();
  }
});

test('a connection that is cut in the middle of a transaction fails that transaction, and ends no process', async () => {
  const url = await createDatabase();
  const store = await openStore({ url }, { onError: () => {} });
  try {
    await store.pool.query('CREATE TABLE steps (id int)');

    const work = store.db.transaction().execute(async (tx) => {
      await sql`INSERT INTO steps VALUES (1)`.execute(tx);
      const backend = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
      await store.pool.query('SELECT pg_terminate_backend($1)', [backend.rows[0]?.pid]);
      // Nobody asks anything of the connection at the moment when it breaks.
      await new Promise((later) => setTimeout(later, 200));
      await sql`INSERT INTO steps VALUES (2)`.execute(tx);
    });

    await expect(work).rejects.toThrow();
    expect((await store.pool.query('SELECT id FROM steps')).rows).toEqual([]);
  } finally {
    await store.close();
  }
});

test('a connection that was lost is told from a statement that was wrong', async () => {
  const server = await startPostgres();
  const store = await openStore({ url: server.url }, { onError: () => {} });
  const failure = (text: string): Promise<unknown> =>
    store.pool.query(text).then(
      () => undefined,
      (error: unknown) => error,
    );
  try {
    const wrong = await failure('SELECT nothing FROM nowhere');
    const broken = failure('SELECT pg_sleep(60)');
    await new Promise((later) => setTimeout(later, 300));
    await server.kill();

    expect(isLostConnection(wrong)).toBe(false);
    expect(isLostConnection(await broken)).toBe(true);
    expect(isLostConnection(await failure('SELECT 1'))).toBe(true);
  } finally {
    await store.close();
    await server.stop();
  }
});
