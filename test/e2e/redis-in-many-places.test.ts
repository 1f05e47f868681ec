/** Redis as a cluster of three masters, and behind Sentinel, whose master is killed in the middle of a first load. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { createDatabase } from '../servers/postgres.ts';
import { startRedis, startSentinel, withClient } from '../servers/redis.ts';
import { startRedisCluster } from '../servers/redis-cluster.ts';
import { type Stage, setStage, until } from './stage.ts';

const sources = '  - { id: people, type: ldif, file: people.ldif }';
const more = 'backup: off\nretry: { attempts: 20, backoff: 100ms, maxBackoff: 1s }';

const stageWith = async (redis: string, profileApi: string): Promise<Stage> => {
  const places = `database: { url: "${await createDatabase()}" }\nredis: ${redis}`;
  return await setStage({ places, sources, more, profileApi: `${profileApi}, timeout: 5s` });
};

const publish = (stage: Stage, people: number) =>
  writeFile(join(stage.folder, 'people.ldif'), toLdif(sampleDirectory({ people })));

function expectEverybodyOnce({ sandbox }: Stage, people: number): void {
  const created = sandbox.effects.map(({ email }) => email);
  expect(created).toHaveLength(people);
  expect(new Set(created).size).toBe(people);
}

const rolesAtWork = async (stage: Stage) => {
  const services = [stage.startService('scheduler'), stage.startService('worker')];
  await Promise.all(services.map((service) => service.untilEvent('service.started')));
};

test('a service works with a cluster of three masters', { timeout: 240_000 }, async () => {
  const cluster = await startRedisCluster();
  try {
    const nodes = cluster.ports.map((port) => `{ host: 127.0.0.1, port: ${port} }`).join(', ');
    // More than 500 share jobs.
    await using stage = await stageWith(`{ cluster: [ ${nodes} ] }`, 'rateLimit: off');
    await publish(stage, 600);
    await rolesAtWork(stage);

    await stage.rollcall('resync');

    await until(
      () => stage.sandbox.effects.length,
      (count) => count === 600,
      120_000,
    );
    expectEverybodyOnce(stage, 600);
  } finally {
    await cluster.stop();
  }
});

test('when the master behind Sentinel is killed, its replica takes over, and nobody is lost or created twice', {
  timeout: 300_000,
}, async () => {
  const master = await startRedis();
  const replica = await startRedis({ replicaOf: master.port });
  const sentinel = await startSentinel(master, 'main');
  try {
    // Sentinel learns of the replica from the master, which it asks every ten seconds.
    await until(
      () =>
        withClient(`redis://127.0.0.1:${sentinel.port}`, (client) =>
          client.call('SENTINEL', 'REPLICAS', 'main'),
        ),
      (replicas) => JSON.stringify(replicas).includes('master-link-status","ok'),
    );
    const redis = `{ sentinels: [{ host: 127.0.0.1, port: ${sentinel.port} }], name: main }`;
    await using stage = await stageWith(redis, 'rateLimit: { max: 40, per: 1s }');
    await publish(stage, 150);
    await rolesAtWork(stage);
    await stage.rollcall('resync');
    await until(
      () => stage.sandbox.effects.length,
      (count) => count >= 20,
    );

    await master.kill();

    await until(
      () => stage.sandbox.effects.length,
      (count) => count >= 150,
      180_000,
    );
    expectEverybodyOnce(stage, 150);
    expect(await withClient(replica.url, (client) => client.call('ROLE'))).toContain('master');
  } finally {
    await sentinel.stop();
    await Promise.all([master.stop(), replica.stop()]);
  }
});
