/** An upgrade as it rolls out, and the way back: real processes on a real PostgreSQL that a newer version has brought up to date. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { migrate, openStore } from '../../src/store/index.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { createDatabase } from '../servers/postgres.ts';
import { requireProgram } from '../servers/programs.ts';
import { sharedRedis } from '../servers/redis.ts';
import { failOnError } from '../store/stores.ts';
import { type Stage, setStage, until } from './stage.ts';

const sources = '  - { id: people, type: ldif, file: people.ldif }';
const more = 'backup: off\nlifecycle: { grace: 0s }';
const everybody = sampleDirectory({ people: 12 });

const publish = (stage: Stage, people: typeof everybody): Promise<void> =>
  writeFile(join(stage.folder, 'people.ldif'), toLdif(people));

/** Does to the store what the next version does when it starts. */
async function bringUpToTheNextVersion(url: string): Promise<void> {
  const next = {
    up: async (db: Parameters<(typeof migrations)[string]['up']>[0]) => {
      await sql`ALTER TABLE operations ADD COLUMN of_the_next_version text`.execute(db);
      await sql`CREATE TABLE table_of_the_next_version (id int)`.execute(db);
    },
  };
  const store = await openStore({ url }, { onError: failOnError });
  try {
    await migrate(store.db, { ...migrations, '9999-of-the-next-version': next });
  } finally {
    await store.close();
  }
}

const placesOn = async (url: string): Promise<string> => {
  const redis = await sharedRedis();
  const prefix = `${redis.prefix}-${randomBytes(2).toString('hex')}`;
  return `database: { url: "${url}" }\nredis: { url: "${redis.url}", prefix: "${prefix}" }`;
};

const effects = ({ sandbox }: Stage, kind: string): readonly (string | null)[] =>
  sandbox.effects.filter((effect) => effect.kind === kind).map(({ email }) => email);

test('who is at work stays at work while the next version brings the tables up to date, and is refused once it starts again', async () => {
  const url = await createDatabase();
  await using stage = await setStage({ places: await placesOn(url), sources, more });
  await publish(stage, everybody.slice(0, 8));
  const services = [stage.startService('scheduler'), stage.startService('worker')];
  await Promise.all(services.map((service) => service.untilEvent('service.started')));
  stage.sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 500 } });
  await stage.rollcall('resync');
  await until(
    () => effects(stage, 'created').length,
    (count) => count > 0,
  );

  await bringUpToTheNextVersion(url);

  await until(
    () => effects(stage, 'created').length,
    (count) => count === 8,
  );
  for (const { log } of services) expect(log.filter((line) => /"level":[56]0/.test(line))).toEqual([]);

  await Promise.all(services.map((service) => service.kill('SIGTERM')));
  for (const args of [['start'], ['status'], ['resync', '--wait']]) {
    const { code, stderr } = await stage.rollcallProcess(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'The database was set up by a newer Rollcall: it has 9999-of-the-next-version, which this version does not know.',
    );
  }
  expect(new Set(effects(stage, 'created')).size).toBe(8);
});

test('the way back: the backup made before is restored, and what the newer version did meanwhile is neither lost nor done twice', async () => {
  const url = await createDatabase();
  await using stage = await setStage({ places: await placesOn(url), sources, more });
  const run = async (...args: readonly string[]) => {
    const result = await stage.rollcall(...args);
    expect(result.code, `${result.stdout}${result.stderr}`).toBe(0);
    return result.stdout;
  };
  const config = async (places: string): Promise<void> => {
    const { url: api, apiKey } = stage.sandbox;
    await stage.writeConfig(
      `profileApi: { url: ${api}, apiKey: ${apiKey}, rateLimit: { max: 5000, per: 1s } }\nsources:\n${sources}\n${places}\n${more}\n`,
    );
  };
  const [leaver, ...others] = everybody.slice(0, 10);
  const joiners = everybody.slice(10);
  await publish(stage, everybody.slice(0, 10));
  await run('resync', '--wait');

  const backup = join(stage.folder, 'before.sql');
  execFileSync(requireProgram('pg_dump'), ['--no-owner', '--file', backup, url]);
  // What the newer version does, before somebody finds that they want to go back.
  await publish(stage, [...others, ...joiners]);
  await run('resync', '--wait');
  await bringUpToTheNextVersion(url);
  expect(effects(stage, 'created')).toHaveLength(12);
  expect(effects(stage, 'deactivated')).toEqual([leaver?.mail]);
  expect((await stage.rollcall('status')).code).toBe(1);

  const restored = await createDatabase();
  execFileSync(requireProgram('psql'), ['--quiet', '--set', 'ON_ERROR_STOP=1', '--file', backup, restored], {
    stdio: 'pipe',
  });
  await config(await placesOn(restored));

  expect(await run('audit', 'verify')).toContain('whole');
  await run('resync', '--wait');
  expect(effects(stage, 'created')).toHaveLength(12);
  expect(effects(stage, 'deactivated')).toEqual([leaver?.mail]);
  const plan = JSON.parse(await run('plan', '--json'));
  expect(plan.operations).toEqual([]);
});
