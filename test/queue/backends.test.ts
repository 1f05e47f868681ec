import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DelayedError } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { combinations, newBackend, type TestBackend } from './backends.ts';

const program = fileURLToPath(new URL('worker-process.ts', import.meta.url));

type Operation = { readonly operation: number };

const truncateEverything = `
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'bullmq' AND tablename <> 'migration' LOOP
      EXECUTE format('TRUNCATE bullmq.%I CASCADE', name);
    END LOOP;
  END $$`;

/** Emptying tables under a working queue may meet it the other way round: PostgreSQL then ends one of the two. */
async function retryDeadlocks(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof Error && error.message === 'deadlock detected')) throw error;
    }
  }
}

describe.each(combinations)('the queue on %s', (combination) => {
  let opened: TestBackend;
  beforeAll(async () => {
    opened = await newBackend(combination);
  });
  afterAll(() => opened.end());
  afterEach(() => expect(opened.errors).toEqual([]));

  const forgetEverything = async (): Promise<void> => {
    const { redis } = opened.place;
    if (redis === undefined) {
      await retryDeadlocks(() => opened.store.pool.query(truncateEverything));
      return;
    }
    if (!('url' in redis)) throw new Error('a single Redis was expected');
    const client = new Redis(redis.url);
    const keys = await client.keys(`${redis.prefix}:*`);
    if (keys.length > 0) await client.del(keys);
    client.disconnect();
  };

  test('200 jobs are done in the order of their priority, and first come first served within it', async () => {
    const queue = opened.backend.queue<Operation>('order');
    await queue.pause();
    await queue.addBulk(
      Array.from({ length: 200 }, (_, operation) => ({
        name: 'do',
        data: { operation },
        opts: { priority: operation % 4 === 0 ? 1 : 10 },
      })),
    );
    const done: number[] = [];
    opened.backend.worker<Operation>('order', async (job) => {
      done.push(job.data.operation);
    });
    await queue.resume();
    await expect.poll(() => done.length, { timeout: 30_000 }).toBe(200);

    const urgent = Array.from({ length: 50 }, (_, index) => index * 4);
    const rest = Array.from({ length: 200 }, (_, index) => index).filter((index) => index % 4 !== 0);
    expect(done).toEqual([...urgent, ...rest]);
  });

  test('a job that is added wakes an idle worker at once', async () => {
    const queue = opened.backend.queue<Operation>('idle');
    const done: number[] = [];
    const worker = opened.backend.worker<Operation>('idle', async (job) => {
      done.push(job.data.operation);
    });
    await worker.waitUntilReady();
    await new Promise((resolve) => setTimeout(resolve, 500));

    await (await opened.another()).queue<Operation>('idle').add('do', { operation: 1 });

    await expect.poll(() => done, { timeout: 3_000 }).toEqual([1]);
    expect(await queue.getWaitingCount()).toBe(0);
  });

  test('a job that its worker puts off is done again later, without a failed attempt', async () => {
    const queue = opened.backend.queue<Operation>('later');
    const tries: { readonly at: number; readonly attempts: number }[] = [];
    opened.backend.worker<Operation>('later', async (job, token) => {
      tries.push({ at: Date.now(), attempts: job.attemptsMade });
      if (tries.length > 1) return;
      await job.moveToDelayed(Date.now() + 300, token);
      throw new DelayedError();
    });

    await queue.add('do', { operation: 1 });

    await expect.poll(() => queue.getCompletedCount(), { timeout: 10_000 }).toBe(1);
    expect(tries.map(({ attempts }) => attempts)).toEqual([0, 0]);
    expect((tries[1]?.at ?? 0) - (tries[0]?.at ?? 0)).toBeGreaterThanOrEqual(290);
    expect(await queue.getFailedCount()).toBe(0);
  });

  test('a job id is taken once', async () => {
    const queue = opened.backend.queue<Operation>('ids');
    await queue.pause();

    await Promise.all([1, 2, 3].map((operation) => queue.add('do', { operation }, { jobId: 'op-7' })));

    const jobs = await queue.getJobs(['waiting', 'prioritized', 'delayed']);
    expect(jobs.map((job) => job.id)).toEqual(['op-7']);
  });

  test('a paused queue rests for all workers, until it is resumed', async () => {
    const queue = opened.backend.queue<Operation>('rest');
    const done: string[] = [];
    const other = await opened.another();
    opened.backend.worker<Operation>('rest', async () => void done.push('one'));
    other.worker<Operation>('rest', async () => void done.push('other'));

    await other.queue('rest').pause();
    for (let operation = 0; operation < 20; operation += 1) await queue.add('do', { operation });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(done).toEqual([]);
    expect(await queue.isPaused()).toBe(true);

    await queue.resume();
    await expect.poll(() => done.length, { timeout: 10_000 }).toBe(20);
  });

  test('a schedule with a cron pattern makes jobs, and is there once however often it is put down', async () => {
    const queue = opened.backend.queue<Operation>('schedule');
    const done: number[] = [];
    opened.backend.worker<Operation>('schedule', async (job) => {
      done.push(job.data.operation);
    });
    const schedule = { pattern: '* * * * * *', tz: 'Europe/Vienna' };

    for (const operation of [1, 2]) {
      await queue.upsertJobScheduler('corp-full', schedule, { name: 'run', data: { operation } });
    }

    await expect.poll(() => done.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
    expect(new Set(done)).toEqual(new Set([2]));
    expect(await queue.getJobSchedulersCount()).toBe(1);
    await queue.removeJobScheduler('corp-full');
    expect(await queue.getJobSchedulersCount()).toBe(0);
  });

  test('after everything in it is wiped, the queue and its workers go on', async () => {
    const queue = opened.backend.queue<Operation>('wiped');
    const done: number[] = [];
    await queue.pause();
    await queue.add('do', { operation: 1 }, { jobId: 'op-1' });
    opened.backend.worker<Operation>('wiped', async (job) => {
      done.push(job.data.operation);
    });

    await forgetEverything();
    await queue.resume();
    await queue.add('do', { operation: 2 }, { jobId: 'op-1' });

    await expect.poll(() => done, { timeout: 15_000 }).toEqual([2]);
    const others = opened.errors.splice(0).filter(({ message }) => message !== 'deadlock detected');
    expect(others).toEqual([]);
  });

  test('a job whose worker is killed is given to another', async () => {
    const queue = opened.backend.queue<Operation>('killed');
    await queue.add('do', { operation: 1 }, { jobId: 'op-1' });
    const child = spawn(process.execPath, [program, 'hang', JSON.stringify(opened.place)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    expect(String(line)).toBe('started op-1\n');

    child.kill('SIGKILL');
    await once(child, 'exit');
    const done: unknown[] = [];
    opened.backend.worker<Operation>('killed', async (job) => void done.push(job.id), {
      lockDuration: 1_000,
      stalledInterval: 500,
    });

    await expect.poll(() => done, { timeout: 20_000 }).toEqual(['op-1']);
  });

  test('a process that closes everything ends by itself', async () => {
    // The embedded store is somebody else's here, so this process is a client of it.
    const child = spawn(process.execPath, [program, 'once', JSON.stringify(opened.place)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += String(chunk);
    });

    const [status] = await once(child, 'exit');

    expect([printed, status]).toEqual(['result 42\n', 0]);
  }, 30_000);

  test('answers a ping', async () => {
    await expect(opened.backend.ping()).resolves.toBeUndefined();
  });
});
