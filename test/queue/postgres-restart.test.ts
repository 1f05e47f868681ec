import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openQueueBackend } from '../../src/queue/index.ts';
import { openStore } from '../../src/store/index.ts';
import { startPostgres } from '../servers/postgres.ts';

test('a queue in a PostgreSQL that crashed and came back is used on, and loses no job', async () => {
  const server = await startPostgres();
  const onError = (): void => {};
  const store = await openStore({ url: server.url }, { onError });
  const backend = await openQueueBackend({}, store, { onError });
  try {
    const queue = backend.queue<number>('work');
    const done: number[] = [];
    backend.worker<number>('work', async (job) => void done.push(job.data), { runRetryDelay: 200 });
    await queue.add('do', 1);
    await expect.poll(() => done, { timeout: 10_000 }).toEqual([1]);
    await queue.pause();
    await queue.add('do', 2);

    await server.kill();
    await expect(queue.add('do', 3)).rejects.toThrow();
    await server.start();
    await queue.resume();
    await queue.add('do', 4);

    await expect.poll(() => done, { timeout: 20_000 }).toEqual([1, 2, 4]);
    // The rate limit's table may have been emptied by the crash; it works on all the same.
    expect(await backend.slots.reserve('api', { max: 1, perMs: 1_000 })).toBe(0);
  } finally {
    await backend.close();
    await store.close();
    await server.stop();
  }
});

test('a worker that was started while PostgreSQL was down works once it is there', async () => {
  const server = await startPostgres();
  const onError = (): void => {};
  const store = await openStore({ url: server.url }, { onError });
  const backend = await openQueueBackend({}, store, { onError });
  try {
    const done: number[] = [];
    await server.kill();
    backend.worker<number>('work', async (job) => void done.push(job.data), { runRetryDelay: 200 });
    // It has found out that nobody is there.
    await new Promise((later) => setTimeout(later, 1_000));
    await server.start();

    await backend.queue<number>('work').add('do', 1);

    await expect.poll(() => done, { timeout: 20_000 }).toEqual([1]);
  } finally {
    await backend.close();
    await store.close();
    await server.stop();
  }
});

test('a PostgreSQL that refuses to write is not asked without end, and is worked with again once it writes', async () => {
  const server = await startPostgres();
  const errors: Error[] = [];
  const onError = (error: Error): void => void errors.push(error);
  const store = await openStore({ url: server.url }, { onError });
  const backend = await openQueueBackend({}, store, { onError });
  const readOnly = async (word: 'on' | 'off'): Promise<void> => {
    await sql`ALTER SYSTEM SET default_transaction_read_only = ${sql.raw(word)}`.execute(store.db);
    await sql`SELECT pg_reload_conf()`.execute(store.db);
  };
  try {
    const done: number[] = [];
    await readOnly('on');
    backend.worker<number>('work', async (job) => void done.push(job.data));
    await new Promise((later) => setTimeout(later, 2_500));
    const told = errors.length;
    await readOnly('off');

    await backend.queue<number>('work').add('do', 1);

    await expect.poll(() => done, { timeout: 20_000 }).toEqual([1]);
    expect(errors[0]?.message).toContain('read-only transaction');
    expect(told).toBeLessThan(10);
  } finally {
    await backend.close();
    await store.close();
    await server.stop();
  }
});
