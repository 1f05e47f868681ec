/** Several services on one store, killed, stopped and continued at random: a time makes one run, and a source is read by one at a time. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { expect, test } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { latestEntries } from '../../src/audit/index.ts';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { type Engine, openEngine } from '../../src/engine/index.ts';
import type { Run } from '../../src/store/runs/runs.ts';
import { type Stage, setStage, until } from './stage.ts';

const scheduled = (id: string, full: string): string =>
  `  - { id: ${id}, type: ldif, file: ${id}.ldif, schedule: { full: "${full}" } }`;
const everySecond = ['corp', 'cloud'].map((id) => scheduled(id, '* * * * * *')).join('\n');
const people = sampleDirectory({ people: 12 });
const more = 'backup: off\nmapping: { email: mail, username: mail, name: cn, first_name: givenName }';

async function stageWith(listingMs: number, sources = everySecond): Promise<Stage> {
  const stage = await setStage({ combination: 'PostgreSQL and Redis', sources, more });
  await writeFile(join(stage.folder, 'corp.ldif'), toLdif(people.slice(0, 6)));
  await writeFile(join(stage.folder, 'cloud.ldif'), toLdif(people.slice(6)));
  stage.sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: listingMs } });
  return stage;
}

async function inStore<Seen>({ configFile }: Stage, look: (engine: Engine) => Promise<Seen>): Promise<Seen> {
  const engine = await openEngine(await loadConfig({ file: configFile, env: {} }), pino({ level: 'silent' }));
  try {
    return await look(engine);
  } finally {
    await engine.close();
  }
}

const lookInto = (stage: Stage) =>
  inStore(stage, async ({ store: { db } }) => {
    const entries = await latestEntries(db, {}, 5_000);
    const runs = await db.selectFrom('runs').selectAll().orderBy('started_at').execute();
    return { entries, runs: runs.filter(({ started_at }) => started_at !== null) };
  });

/** Each pair of readings of a source of which the later one began before the earlier one had ended. */
const overlaps = (runs: readonly Run[]): readonly string[] =>
  runs.flatMap((run, index) => {
    const before = runs.slice(0, index).findLast(({ source_id }) => source_id === run.source_id);
    const end = before?.planned_at ?? before?.ended_at;
    const isAfter = before === undefined || (end != null && run.started_at !== null && end <= run.started_at);
    return isAfter ? [] : [`${before.id} and ${run.id} of ${run.source_id}`];
  });

test('services that are killed and stopped make one run of each time', { timeout: 120_000 }, async () => {
  // Short, since one whose process is killed keeps its source for a while.
  await using stage = await stageWith(20);
  const services = [stage.startService(), stage.startService(), stage.startService('scheduler')];
  await Promise.all(services.map((service) => service.untilEvent('service.started')));

  for (let round = 0; round < 4; round += 1) {
    await sleep(1_500 + 200 * round);
    const [oldest, second] = services;
    second?.send('SIGSTOP');
    await oldest?.kill();
    services.shift();
    const next = stage.startService();
    services.push(next);
    await next.untilEvent('service.started');
    second?.send('SIGCONT');
  }
  await sleep(2_000);
  await Promise.all(services.map((service) => service.kill()));

  const { entries, runs } = await lookInto(stage);
  const requested = entries.filter(({ action }) => action === 'run.requested');
  // One that was killed in the middle is made once more, for the same time.
  const repeated = requested.flatMap(({ details }) => details.insteadOf ?? []);
  const ticks = requested
    .filter(({ details }) => details.insteadOf === undefined)
    .map(({ source_id, details }) => `${source_id} ${details.tick}`);
  expect(ticks.length).toBeGreaterThan(2);
  expect(ticks).toEqual([...new Set(ticks)]);
  expect(repeated).toEqual([...new Set(repeated)]);
  const planned = entries.filter(({ action }) => action === 'run.planned').map(({ run_id }) => run_id);
  expect(planned).toEqual([...new Set(planned)]);
  expect(overlaps(runs)).toEqual([]);
  const created = stage.sandbox.effects.map(({ email }) => email);
  expect(created).toEqual([...new Set(created)]);
});

test('a source is read by one run at a time, however many wait and whoever makes them', {
  timeout: 180_000,
}, async () => {
  await using stage = await stageWith(150);
  const services = [stage.startService(), stage.startService('scheduler'), stage.startService('scheduler')];
  await Promise.all(services.map((service) => service.untilEvent('service.started')));
  const both = ['corp', 'cloud', 'corp', 'cloud'];

  for (let round = 0; round < 3; round += 1)
    await Promise.all(both.map((id) => stage.rollcall('resync', '--source', id)));
  const byHand = async () =>
    (await lookInto(stage)).runs.filter(
      ({ trigger, planned_at }) => trigger === 'hand' && planned_at !== null,
    );
  await until(byHand, (made) => made.length === 12, 120_000);

  const { runs } = await lookInto(stage);
  expect(overlaps(runs)).toEqual([]);
  const created = stage.sandbox.effects.map(({ email }) => email);
  expect([...created].sort()).toEqual(people.map(({ mail }) => mail).sort());
});

test('a run whose process is killed in the middle is made once more, within 15 s, by whoever is left', {
  timeout: 240_000,
}, async () => {
  const soon = new Date(Date.now() + 40_000);
  const once = `${soon.getUTCSeconds()} ${soon.getUTCMinutes()} ${soon.getUTCHours()} * * *`;
  await using stage = await stageWith(60_000, scheduled('corp', once));
  const first = stage.startService();
  const made = await until(
    async () => (await lookInto(stage)).runs,
    (runs) => runs.some(({ state }) => state === 'reading'),
    90_000,
  );
  const others = [stage.startService(), stage.startService('scheduler'), stage.startService('scheduler')];
  await Promise.all(others.map((service) => service.untilEvent('service.started')));
  stage.sandbox.clearFaults();
  const killedAt = Date.now();
  await first.kill();

  await until(
    () => stage.sandbox.effects,
    (effects) => effects.length === 6,
  );
  await sleep(3_000);
  const { entries, runs } = await lookInto(stage);
  expect(runs.map(({ state }) => state)).toEqual(['failed', 'done']);
  const repeatedAt = runs[1]?.started_at?.getTime() ?? Number.NaN;
  // And a third more for a machine that has other things to do.
  expect(repeatedAt - killedAt).toBeLessThan(20_000);
  const requested = entries.filter(({ action }) => action === 'run.requested');
  expect(requested.map(({ details }) => details.insteadOf)).toEqual([undefined, made[0]?.id]);
  expect(new Set(requested.map(({ details }) => details.tick)).size).toBe(1);
  expect(stage.sandbox.effects).toHaveLength(6);
});
