import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimOwnership, currentOwner, giveUpOwnership } from '../../../src/store/embedded/ownership.ts';
import { openStore } from '../../../src/store/index.ts';
import { failOnError, temporaryFolder } from '../stores.ts';

const program = fileURLToPath(new URL('store-process.ts', import.meta.url));
const failingThread = new URL('failing-thread-process.ts', import.meta.url).href;

let folder: ReturnType<typeof temporaryFolder>;
let children: StoreProcess[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  children = [];
  folder.remove();
});

class StoreProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #exit: Promise<number | null>;

  #errors = '';

  constructor(path: string, mode = 'any') {
    this.#child = spawn(process.execPath, ['--import', failingThread, program, path, mode]);
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#exit = new Promise((resolve) => this.#child.once('close', resolve));
    children.push(this);
  }

  async says(): Promise<string> {
    return (await this.#lines.next()).value ?? 'ended';
  }

  async asks(sql: string): Promise<string> {
    this.#child.stdin.write(`${sql}\n`);
    return this.says();
  }

  /** Its store's thread fails. @returns how the process ended, and its last words */
  async failThread(): Promise<{ readonly code: number | null; readonly errors: string }> {
    this.#child.kill('SIGUSR2');
    return { code: await this.#exit, errors: this.#errors };
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  async close(): Promise<number | null> {
    this.#child.stdin.end('close\n');
    return this.#exit;
  }
}

test('the second process is a client of the first, and both see the same data', async () => {
  const path = join(folder.path, 'store');
  const first = new StoreProcess(path);
  expect(await first.says()).toBe('owner');
  const second = new StoreProcess(path);
  expect(await second.says()).toBe('client');

  expect(await second.asks('CREATE TABLE people AS SELECT 7 AS id')).toBe('rows []');
  expect(await first.asks('SELECT id FROM people')).toBe('rows [{"id":7}]');

  expect(await second.close()).toBe(0);
  expect(await first.close()).toBe(0);
  expect(readdirSync(path)).toEqual(['data']);
});

test('of several that start at the same moment, exactly one becomes the owner', async () => {
  const path = join(folder.path, 'store');
  const all = Array.from({ length: 4 }, () => new StoreProcess(path));

  const words = await Promise.all(all.map((one) => one.says()));

  expect(words.toSorted()).toEqual(['client', 'client', 'client', 'owner']);
});

test('after kill -9 of the owner, its clients get errors, the next to start takes over, and nothing committed is lost', async () => {
  const path = join(folder.path, 'store');
  const owner = new StoreProcess(path);
  await owner.says();
  await owner.asks('CREATE TABLE people (id int)');
  const client = new StoreProcess(path);
  await client.says();

  for (let round = 1; round <= 3; round += 1) {
    const writer = round === 1 ? owner : new StoreProcess(path);
    if (round > 1) expect(await writer.says()).toBe('owner');
    expect(await writer.asks(`INSERT INTO people VALUES (${round}) RETURNING id`)).toBe(
      `rows [{"id":${round}}]`,
    );
    await writer.kill();
  }

  expect(await client.asks('SELECT 1')).toMatch(/^(broken|error) /);
  const [one, other] = [new StoreProcess(path), new StoreProcess(path)];
  expect((await Promise.all([one.says(), other.says()])).toSorted()).toEqual(['client', 'owner']);
  expect(await one.asks('SELECT id FROM people ORDER BY id')).toBe('rows [{"id":1},{"id":2},{"id":3}]');
});

test('where the thread of the store fails, its process says so and ends, and what was committed is there for the next', async () => {
  const path = join(folder.path, 'store');
  const owner = new StoreProcess(path);
  expect(await owner.says()).toBe('owner');
  await owner.asks('CREATE TABLE people AS SELECT 7 AS id');

  const { code, errors } = await owner.failThread();

  expect(code).toBe(1);
  expect(errors).toContain(`The embedded store in ${path} has failed: out of memory.`);
  const next = new StoreProcess(path);
  expect(await next.says()).toBe('owner');
  expect(await next.asks('SELECT id FROM people')).toBe('rows [{"id":7}]');
});

test.each([
  { end: 'ends', leave: (first: StoreProcess) => first.close() },
  { end: 'is killed', leave: (first: StoreProcess) => first.kill() },
])('one who must own the store waits until the process that has it $end', async ({ leave }) => {
  const path = join(folder.path, 'store');
  const command = new StoreProcess(path);
  expect(await command.says()).toBe('owner');
  const service = new StoreProcess(path, 'owner-only');
  expect(await service.says()).toBe('waiting');

  await leave(command);

  expect(await service.says()).toBe('owner');
  expect(await service.asks('SELECT 1 AS one')).toBe('rows [{"one":1}]');
});

test('waiting for the store can be given up', async () => {
  const path = join(folder.path, 'store');
  const owner = await openStore({ path }, { onError: failOnError });
  const waiting = new AbortController();
  const ownership = { signal: waiting.signal, onWait: () => waiting.abort() };
  try {
    const second = openStore({ path }, { onError: failOnError, ownership });

    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  } finally {
    await owner.close();
  }
});

test('the folder is for its user alone', async () => {
  const path = join(folder.path, 'store');
  const store = await openStore({ path }, { onError: failOnError });
  try {
    expect(statSync(path).mode & 0o777).toBe(0o700);
  } finally {
    await store.close();
  }
});

test('a path that is too long for a socket works too', async () => {
  const path = join(folder.path, 'deep'.repeat(30), 'store');
  const owner = await openStore({ path }, { onError: failOnError });
  const client = await openStore({ path }, { onError: failOnError });
  try {
    expect([owner.isOwner, client.isOwner]).toEqual([true, false]);
    expect((await client.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  } finally {
    await client.close();
    await owner.close();
  }
});

test('a folder that cannot be made is said in a sentence', async () => {
  writeFileSync(join(folder.path, 'file'), '');
  const opening = openStore({ path: join(folder.path, 'file', 'store') }, { onError: failOnError });

  await expect(opening).rejects.toMatchObject({
    kind: 'folder',
    message: expect.stringContaining('database.path'),
  });
});

test('a store that cannot be read is said in a sentence, and is nobody’s afterwards', async () => {
  const path = join(folder.path, 'store');
  mkdirSync(join(path, 'data'), { recursive: true });
  writeFileSync(join(path, 'data', 'PG_VERSION'), '9.6\n');

  await expect(openStore({ path }, { onError: failOnError })).rejects.toMatchObject({ kind: 'damaged' });
  expect(currentOwner(path)).toBeUndefined();
});

describe('claims', () => {
  test('of two who found the same dead owner, one succeeds', () => {
    expect(claimOwnership(folder.path, 4)).toBe(5);
    expect(claimOwnership(folder.path, 4)).toBeUndefined();
    expect(currentOwner(folder.path)).toMatchObject({ number: 5, pid: process.pid });
  });

  test('one who was slow does not become the owner beside a later one', () => {
    expect(claimOwnership(folder.path, 7)).toBe(8);

    expect(claimOwnership(folder.path, 4)).toBeUndefined();
    expect(currentOwner(folder.path)).toMatchObject({ number: 8 });
  });

  test('a claim clears away those of dead owners before it', () => {
    expect(claimOwnership(folder.path, 0)).toBe(1);
    expect(claimOwnership(folder.path, 1)).toBe(2);

    expect(readdirSync(folder.path)).toEqual(['owner.2']);
    giveUpOwnership(folder.path, 2);
    expect(currentOwner(folder.path)).toBeUndefined();
  });
});
