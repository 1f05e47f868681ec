import { afterEach, beforeEach, expect, test } from 'vitest';
import { openQueueBackend, sharedPace } from '../../src/queue/index.ts';
import { connectToRedis } from '../../src/queue/redis-connection.ts';
import { freePort } from '../servers/free-port.ts';
import { type RedisServer, startRedis, startSentinel } from '../servers/redis.ts';
import { startRedisCluster } from '../servers/redis-cluster.ts';
import { newStore, type TestStore } from '../store/stores.ts';

let store: TestStore;
let redis: RedisServer | undefined;
beforeEach(async () => {
  store = await newStore('server');
});
afterEach(async () => {
  await store.end();
  await redis?.stop();
  redis = undefined;
});

const ignore = (): void => {};

test('a wrong password is said in a sentence at once, without it', async () => {
  redis = await startRedis({ password: 'right-one' });
  const url = redis.url.replace('right-one', 'wrong-one');

  const opening = connectToRedis({ url, prefix: 'rollcall' }, ignore);

  await expect(opening).rejects.toThrow(
    new RegExp(`^Redis at 127.0.0.1:${redis.port} refused the user or the password`),
  );
  await expect(opening).rejects.not.toThrow(/wrong-one/);
});

test('a password that is missing is said in a sentence at once', async () => {
  redis = await startRedis({ password: 'right-one' });
  const url = `redis://127.0.0.1:${redis.port}`;

  await expect(connectToRedis({ url, prefix: 'rollcall' }, ignore)).rejects.toThrow(
    /refused the user or the password/,
  );
});

test('a Redis that does not answer is said in a sentence', async () => {
  const url = `redis://:secret@127.0.0.1:${await freePort()}`;

  const opening = connectToRedis({ url, prefix: 'rollcall' }, ignore, 300);

  await expect(opening).rejects.toThrow(/did not answer within 0.3 seconds: .*ECONNREFUSED/);
  await expect(opening).rejects.not.toThrow(/secret/);
});

test('a Redis that was killed, came back and forgot everything is used on', async () => {
  redis = await startRedis();
  const config = { redis: { url: redis.url, prefix: 'rollcall' } };
  const backend = await openQueueBackend(config, store.store, { onError: ignore });
  try {
    const queue = backend.queue<number>('work');
    const done: number[] = [];
    backend.worker<number>('work', async (job) => void done.push(job.data));
    await queue.add('do', 1);
    await expect.poll(() => done).toEqual([1]);

    await redis.kill();
    const later = queue.add('do', 2);
    await redis.start();
    await later;

    await expect.poll(() => done, { timeout: 20_000 }).toEqual([1, 2]);
    await expect(backend.ping()).resolves.toBeUndefined();
  } finally {
    await backend.close();
  }
});

test('closes even while Redis is down', async () => {
  redis = await startRedis();
  const config = { redis: { url: redis.url, prefix: 'rollcall' } };
  const backend = await openQueueBackend(config, store.store, { onError: ignore });
  await backend.queue('work').waitUntilReady();
  await backend.worker('work', async () => {}).waitUntilReady();
  await redis.kill();

  await backend.close(true);
});

test('jobs and the rate limit work in a cluster, whose keys are all on one node', async () => {
  const cluster = await startRedisCluster();
  const nodes = cluster.ports.map((port) => ({ host: '127.0.0.1', port }));
  const config = { redis: { cluster: nodes, prefix: 'rollcall' } };
  const errors: Error[] = [];
  const backend = await openQueueBackend(config, store.store, { onError: (error) => errors.push(error) });
  try {
    const done: number[] = [];
    backend.worker<number>('work', async (job) => void done.push(job.data));
    await backend.queue<number>('work').addBulk([1, 2, 3].map((data) => ({ name: 'do', data })));
    await expect.poll(() => done, { timeout: 10_000 }).toEqual([1, 2, 3]);

    await sharedPace(backend.slots, 'api', { max: 1, perMs: 1_000 }, { onError: ignore }).take();
    await backend.slots.block('api', 1_000);
    expect(await backend.slots.blockedFor('api')).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    // What one script touches has to be on one node: that is what the braces around the prefix are for.
    const keys = await cluster.keys();
    expect(keys.filter((some) => some.length > 0)).toHaveLength(1);
    expect(keys.flat().every((key) => key.startsWith('{rollcall}:'))).toBe(true);
  } finally {
    await backend.close();
    await cluster.stop();
  }
});

test('a Sentinel tells where Redis is', async () => {
  redis = await startRedis();
  const sentinel = await startSentinel(redis, 'main');
  const sentinels = [{ host: '127.0.0.1', port: sentinel.port }];
  const config = { redis: { sentinels, name: 'main', prefix: 'rollcall' } };
  const backend = await openQueueBackend(config, store.store, { onError: ignore });
  try {
    const done: number[] = [];
    backend.worker<number>('work', async (job) => void done.push(job.data));
    await backend.queue<number>('work').add('do', 1);

    await expect.poll(() => done, { timeout: 10_000 }).toEqual([1]);
  } finally {
    await backend.close();
    await sentinel.stop();
  }
});
