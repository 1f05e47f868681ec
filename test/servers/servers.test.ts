import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createDatabase, startPostgres } from './postgres.ts';
import { requireProgram } from './programs.ts';
import { sharedRedis, startRedis } from './redis.ts';
import { startSamba } from './samba.ts';

const run = promisify(execFile);

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('every database of the shared PostgreSQL is new and empty', async () => {
  const first = await createDatabase();
  const second = await createDatabase();
  await ask(first, 'CREATE TABLE people (id int)');

  const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
  expect(await ask(first, tables)).toEqual([{ tablename: 'people' }]);
  expect(await ask(second, tables)).toEqual([]);
});

test('a PostgreSQL of its own keeps what was committed when it is killed and started again', async () => {
  const server = await startPostgres();
  try {
    await ask(server.url, 'CREATE TABLE people AS SELECT 7 AS id');
    await server.kill();
    await expect(ask(server.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    await server.start();

    expect(await ask(server.url, 'SELECT id FROM people')).toEqual([{ id: 7 }]);
  } finally {
    await server.stop();
  }
});

test('the shared Redis gives each caller a prefix of its own', async () => {
  const [one, other] = [await sharedRedis(), await sharedRedis()];

  expect(one.url).toBe(other.url);
  expect(one.prefix).not.toBe(other.prefix);
});

test.each([
  { persist: false, kept: null },
  { persist: true, kept: 'x' },
])('a Redis of its own that is killed keeps $kept (persist: $persist)', async ({ persist, kept }) => {
  const server = await startRedis({ persist });
  const client = new Redis(server.url);
  client.on('error', () => {});
  try {
    await client.set('key', 'x');
    await server.kill();
    await server.start();
    expect(await client.get('key')).toBe(kept);

    await server.flush();
    expect(await client.get('key')).toBeNull();
  } finally {
    client.disconnect();
    await server.stop();
  }
});

test('a domain controller of its own has accounts, a reader who may sign in, and an address that nobody else has', async () => {
  const [one, other] = await Promise.all([startSamba({ people: 20 }), startSamba()]);
  try {
    expect(one.ldapsUrl).not.toBe(other.ldapsUrl);
    await one.addPerson('Zoë, "the" boss', { sAMAccountName: 'zoe' });
    const search = await run(
      requireProgram('ldapsearch'),
      [
        ...['-x', '-LLL', '-H', one.url, '-ZZ', '-D', one.readerName, '-w', one.readerPassword],
        ...['-b', one.peopleDn, '(objectClass=user)', 'sAMAccountName'],
      ],
      { env: { ...process.env, LDAPTLS_CACERT: one.caFile } },
    );

    expect(search.stdout.match(/^sAMAccountName: /gm)).toHaveLength(21);
  } finally {
    await Promise.all([one.stop(), other.stop()]);
  }
});
