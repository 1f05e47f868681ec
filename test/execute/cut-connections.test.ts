/** Connections to PostgreSQL and Redis that break in the middle of the work: it goes on, and nothing happens twice. */
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, test } from 'vitest';
import { settleRun } from '../../src/plan/index.ts';
import { until } from '../e2e/stage.ts';
import { type Installation, install } from '../engine/installation.ts';
import { createDatabase } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';

const people = 40;

/** Carries a first load out, and cuts each time when so many more are there. */
async function carryOutWhile(here: Installation, cut: () => Promise<unknown>): Promise<void> {
  here.sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 80 } });
  const run = await here.release();
  const { dispatcher, store } = here.engine;
  const worker = here.engine.startWorker();
  dispatcher.start();
  try {
    for (const count of [5, 15, 25]) {
      await until(
        () => here.effects().length,
        (effects) => effects >= count,
      );
      await cut();
    }
    await until(
      () => settleRun(store.db, run).catch(() => undefined),
      (state) => state === 'done',
      120_000,
    );
  } finally {
    await dispatcher.close();
    await worker.close(5_000);
  }
  expect((await here.operations(run)).map(({ state }) => state)).toEqual(Array(people).fill('done'));
  expect(new Set(here.effects()).size).toBe(people);
  expect(here.effects()).toHaveLength(people);
}

test('every connection to PostgreSQL is cut three times while workers are in their transactions', {
  timeout: 240_000,
}, async () => {
  const url = await createDatabase();
  const redis = await startRedis();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    const places = `database: { url: "${url}" }\nredis: { url: "${redis.url}" }`;
    await using here = await install({ places, people, api: { concurrency: '4' } });

    await carryOutWhile(here, () =>
      admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      ),
    );
  } finally {
    await admin.end();
    await redis.stop();
  }
});

test('every connection to Redis is cut three times while workers have jobs in hand', {
  timeout: 240_000,
}, async () => {
  const redis = await startRedis();
  const admin = new Redis(redis.url);
  try {
    const places = `database: { url: "${await createDatabase()}" }\nredis: { url: "${redis.url}" }`;
    await using here = await install({ places, people, api: { concurrency: '4' } });

    await carryOutWhile(here, () => admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
  } finally {
    admin.disconnect();
    await redis.stop();
  }
});
