/** What an operator does to a service in the middle of a run: stops it while the API hangs, and gives it another, empty Redis. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { createDatabase } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { type Stage, setStage, until } from './stage.ts';

const sources = '  - { id: people, type: ldif, file: people.ldif }';
const more = 'lifecycle: { grace: 0s }\nretry: { attempts: 20, backoff: 100ms, maxBackoff: 1s }';
const publish = (stage: Stage, people: number) =>
  writeFile(join(stage.folder, 'people.ldif'), toLdif(sampleDirectory({ people })));

const created = ({ sandbox }: Stage) =>
  sandbox.effects.filter(({ kind }) => kind === 'created').map(({ email }) => email);

test('a service that is stopped while requests hang ends in its grace time, and the next one looks before it acts', {
  timeout: 240_000,
}, async () => {
  const redis = await startRedis();
  const url = await createDatabase();
  const store = new pg.Client({ connectionString: url });
  await store.connect();
  const states = async () => (await store.query('SELECT state, intent_at FROM operations')).rows;
  try {
    await using stage = await setStage({
      places: `database: { url: "${url}" }\nredis: { url: "${redis.url}" }`,
      profileApi: 'rateLimit: { max: 5000, per: 1s }, timeout: 110s, concurrency: 3',
      sources,
      more,
    });
    await publish(stage, 12);
    const service = stage.startService('all');
    await service.untilEvent('service.started');
    const hanging = stage.sandbox.fault({
      operation: 'create',
      times: 3,
      effect: { kind: 'delay', ms: 40_000 },
    });
    await stage.rollcall('resync');
    await until(
      () => hanging.fired,
      (fired) => fired === 3,
    );

    const asked = performance.now();
    await service.kill('SIGTERM');

    expect(await service.ended).toBe(0);
    // Twenty seconds of grace, and a while to put everything away.
    expect(performance.now() - asked).toBeLessThan(35_000);
    expect(service.log.join('\n')).toContain('service.stopped');
    const left = await states();
    expect(left.filter(({ state }) => state === 'running')).toEqual([]);
    expect(left.filter((one) => one.intent_at !== null && one.state === 'queued')).toHaveLength(3);

    await stage.startService('all').untilEvent('service.started');
    await until(states, (all) => all.every(({ state }) => state === 'done'), 120_000);
    expect(new Set(created(stage)).size).toBe(12);
    expect(created(stage)).toHaveLength(12);
  } finally {
    await store.end();
    await redis.stop();
  }
});

test('after Redis was swapped for an empty one, everything undone is queued again within a minute, and done once', {
  timeout: 300_000,
}, async () => {
  const [old, fresh] = await Promise.all([startRedis(), startRedis()]);
  const url = await createDatabase();
  const store = new pg.Client({ connectionString: url });
  await store.connect();
  const count = async (condition: string, values: readonly unknown[] = []) =>
    Number(
      (await store.query(`SELECT count(*) FROM operations WHERE ${condition}`, [...values])).rows[0].count,
    );
  try {
    await using stage = await setStage({
      places: `database: { url: "${url}" }\nredis: { url: "${old.url}" }`,
      profileApi: 'rateLimit: { max: 20, per: 1s }, timeout: 5s',
      sources,
      more,
    });
    await publish(stage, 80);
    const service = stage.startService('all');
    await service.untilEvent('service.started');
    await stage.rollcall('resync');
    await until(
      () => created(stage).length,
      (done) => done >= 15,
    );

    await service.kill('SIGKILL');
    await old.kill();
    await stage.writeConfig((await readFile(stage.configFile, 'utf8')).replace(old.url, fresh.url));
    await stage.startService('all').untilEvent('service.started');
    const swapped = (await store.query('SELECT now() AS at')).rows[0].at;

    expect(await count("state = 'queued' AND dispatched_at < $1", [swapped])).toBeGreaterThan(0);
    await until(
      () =>
        count("state IN ('queued', 'running') AND (dispatched_at < $1 OR lease_until < now())", [swapped]),
      (lost) => lost === 0,
      60_000,
    );
    await until(
      () => count("state <> 'done'"),
      (undone) => undone === 0,
      120_000,
    );
    expect(new Set(created(stage)).size).toBe(80);
    expect(created(stage)).toHaveLength(80);
  } finally {
    await store.end();
    await Promise.all([old.stop(), fresh.stop()]);
  }
});
