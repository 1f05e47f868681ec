/** Messages on their way: tried again, in order, beside each other, once over all processes, and never in the way. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { AlertEvent } from '../../config/index.ts';
import { statusOf } from '../../src/engine/index.ts';
import { waitMs } from '../../src/notify/pace.ts';
import { channelTroubles, queueAlerts } from '../../src/store/incidents/alerts.ts';
import { until } from '../e2e/stage.ts';
import { startPostBox } from '../servers/post-box.ts';
import { content } from './letters.ts';
import { type AlertStage, setAlertStage } from './stage.ts';

const program = fileURLToPath(new URL('alerting-process.ts', import.meta.url));

/** Puts a message for each channel that is named into the store. */
async function queue(
  { here }: AlertStage,
  event: AlertEvent,
  channels: readonly string[] = ['ops'],
): Promise<void> {
  const made = channels.map((channel) => ({
    id: `${event}-${channel}`,
    channel,
    content: content({ event }),
  }));
  await queueAlerts(here.engine.store.db, made);
}

const waiting = ({ here }: AlertStage) =>
  here.engine.store.db
    .selectFrom('alerts')
    .select([
      'id',
      'attempts',
      'trouble',
      sql<number>`extract(epoch FROM not_before - now())::float8`.as('inSeconds'),
    ])
    .where('ended_at', 'is', null)
    .orderBy('seq')
    .execute();

/** As if the waiting were over. */
const wait = ({ here }: AlertStage) =>
  here.engine.store.db
    .updateTable('alerts')
    .set({
      not_before: sql<Date>`now()`,
      lease_until: sql<Date>`CASE WHEN lease_until IS NULL THEN NULL ELSE now() - interval '1 second' END`,
    })
    .execute();

const idsOf = ({ box }: AlertStage) => box.posted.map(({ headers }) => headers['webhook-id']);

test('a channel that fails is tried again later and later, and gets its messages in order', async () => {
  await using stage = await setAlertStage();
  await queue(stage, 'run-failed');
  await queue(stage, 'plan-held');
  stage.box.next({ status: 500 }, 'cut', { status: 429, headers: { 'retry-after': '300' } });

  const seen: (readonly [number, number])[] = [];
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await stage.look();
    const [first, second] = await waiting(stage);
    expect(first).toMatchObject({ id: 'run-failed-ops', attempts: attempt });
    expect(second).toMatchObject({ id: 'plan-held-ops', attempts: 0, trouble: null });
    seen.push([attempt, first?.inSeconds ?? 0]);
    // Not before its time.
    expect(await stage.look()).toEqual([]);
    await wait(stage);
  }
  await stage.look();

  expect(seen[1]?.[1]).toBeGreaterThan(4);
  expect(seen[2]?.[1]).toBeGreaterThan(290);
  expect(await waiting(stage)).toEqual([]);
  expect(idsOf(stage)).toEqual([...Array(4).fill('run-failed-ops'), 'plan-held-ops']);
  expect(stage.log.join('\n')).not.toContain('canary');
  expect(stage.log.map((line) => JSON.parse(line).event)).toEqual([
    ...Array(3).fill('alert.undelivered'),
    'alert.sent',
    'alert.sent',
  ]);
});

test('a message that a channel will never take holds up no other one', async () => {
  await using stage = await setAlertStage();
  await queue(stage, 'run-failed');
  await queue(stage, 'plan-held');
  stage.box.next({ status: 400, body: 'invalid_blocks' });

  await stage.look();

  expect(idsOf(stage)).toEqual(['run-failed-ops', 'plan-held-ops']);
  expect(await waiting(stage)).toEqual([]);
  expect(stage.log.join('\n')).toContain('400 (invalid_blocks)');
});

test('a channel that hangs delays no other one, nor the look at what is wrong, nor the end of the service', async () => {
  const silent = await startPostBox();
  silent.always('hang');
  await using quick = await startedBox();
  const channels = `{ slow: { type: slack, webhookUrl: "${silent.url}" }, quick: { type: slack, webhookUrl: "${quick.url}" } }`;
  await using stage = await setAlertStage({}, { channels });
  const notifier = stage.notifier();
  await queue(stage, 'run-failed', ['slow', 'quick']);
  await queue(stage, 'plan-held', ['slow', 'quick']);

  const begun = performance.now();
  await notifier.tick();
  await until(
    () => quick.posted.length,
    (count) => count === 2,
    5_000,
  );
  await notifier.tick();
  const ticked = performance.now() - begun;
  await notifier.stop();
  const stopped = performance.now() - begun;
  await silent.stop();

  expect(ticked).toBeLessThan(4_000);
  expect(stopped).toBeLessThan(9_000);
  // Given back: whoever starts next sends it at once, and it was nobody's fault.
  expect(await waiting(stage)).toMatchObject([
    { id: 'run-failed-slow', attempts: 0, inSeconds: expect.closeTo(0, 0) },
    { id: 'plan-held-slow', attempts: 0 },
  ]);
});

async function startedBox() {
  const box = await startPostBox();
  return { ...box, [Symbol.asyncDispose]: () => box.stop() };
}

test('after a day it is no news any more, and the log says that nobody was told', async () => {
  await using stage = await setAlertStage();
  await queue(stage, 'run-failed');
  await sql`UPDATE alerts SET made_at = now() - interval '25 hours'`.execute(stage.here.engine.store.db);
  await stage.look();

  expect(stage.box.posted).toEqual([]);
  expect(await waiting(stage)).toEqual([]);
  expect(stage.log.map((line) => JSON.parse(line).event)).toEqual(['alert.dropped']);
});

test('it is known which channel does not take its messages', async () => {
  await using stage = await setAlertStage();
  await queue(stage, 'run-failed');
  await queue(stage, 'plan-held');
  stage.box.next({ status: 503 });
  const { db } = stage.here.engine.store;
  const troubles = () => channelTroubles(db, ['ops']);
  expect(await troubles()).toEqual([]);

  await stage.look();

  expect(await channelTroubles(db, ['another'])).toEqual([]);
  expect((await statusOf(stage.here.engine)).deafChannels).toEqual(await troubles());
  expect(await troubles()).toEqual([
    { channel: 'ops', waiting: 2, since: expect.any(Date), trouble: expect.stringContaining('answered 503') },
  ]);
});

test('several processes at once tell of each incident once', async () => {
  await using stage = await setAlertStage();
  const { here, box } = stage;
  const processes = Array.from({ length: 3 }, () => alerting(here.folder, 6_000));
  await Promise.all(processes.map(({ isReady }) => isReady));

  await here.publishText('this is no LDIF');
  await expect(here.sync()).rejects.toThrow();
  await until(
    () => box.posted.length,
    (count) => count >= 1,
    5_000,
  );
  await here.publish(here.people);
  await here.sync();
  const ends = await Promise.all(processes.map(({ ended }) => ended));

  expect(ends).toEqual([0, 0, 0]);
  expect(box.posted.map(({ body }) => JSON.parse(body).type)).toEqual(['alert.opened', 'alert.resolved']);
});

test('a process that is killed while it sends: another one sends it again, under the same id', async () => {
  await using stage = await setAlertStage();
  const { here, box } = stage;
  await here.publishText('this is no LDIF');
  await expect(here.sync()).rejects.toThrow();
  box.next('hang');
  const { child, ended } = alerting(here.folder, 60_000);
  await until(
    () => box.posted.length,
    (count) => count === 1,
    20_000,
  );

  child.kill('SIGKILL');
  await ended;
  await stage.notifier().tick();
  const before = box.posted.length;
  await wait(stage);
  await stage.notifier().tick();
  await until(
    () => waiting(stage),
    ({ length }) => length === 0,
    5_000,
  );

  expect(before).toBe(1);
  const ids = idsOf(stage);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('a process that is killed before it stored what people are to be told leaves nothing half', async () => {
  await using stage = await setAlertStage();
  const { here, box } = stage;
  const { db } = here.engine.store;
  await here.publishText('this is no LDIF');
  await expect(here.sync()).rejects.toThrow();
  // Somebody had the lease and is gone.
  await sql`INSERT INTO chores (name, lease_owner, lease_until) VALUES ('alerts', 'gone', now() + interval '1 hour')`.execute(
    db,
  );

  expect(await stage.look()).toEqual([]);
  await sql`UPDATE chores SET lease_until = now() - interval '1 second' WHERE name = 'alerts'`.execute(db);
  expect(await stage.look()).toEqual(['opened run-failed']);
  expect(box.posted).toHaveLength(1);
});

test('the wait doubles up to a quarter of an hour, and what a receiver asks for is heard, within reason', () => {
  const most = (attempts: number, asked?: number) => waitMs(attempts, asked, () => 1);

  expect([1, 2, 3, 30].map((attempts) => most(attempts))).toEqual([5_000, 10_000, 20_000, 900_000]);
  expect(waitMs(1, undefined, () => 0)).toBe(2_500);
  expect(most(1, 60_000)).toBe(60_000);
  expect(most(1, 86_400_000)).toBe(3_600_000);
});

interface Alerting {
  readonly child: ChildProcess;
  readonly isReady: Promise<unknown>;
  readonly ended: Promise<number | null>;
}

function alerting(folder: string, forMs: number): Alerting {
  const child = spawn(process.execPath, [program, join(folder, 'rollcall.yaml'), String(forMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  return { child, isReady: once(child.stdout ?? child, 'data'), ended };
}
