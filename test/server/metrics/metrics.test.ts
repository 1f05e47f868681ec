/** What Prometheus is told: by a process of what it did, and of how things stand. */
import { afterEach, expect, test } from 'vitest';
import { rejectPlan } from '../../../src/plan/index.ts';
import { createMetrics } from '../../../src/server/metrics/index.ts';
import { type Server, startServer } from '../../../src/server/server.ts';
import { type InstallationOptions, install } from '../../engine/installation.ts';
import { sayLeft } from '../../offboarding/office.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** An installation whose metrics are served. */
async function served(options: InstallationOptions = {}) {
  const metrics = createMetrics();
  const here = await install({
    ...options,
    config: { server: '{ port: 0 }', ...options.config },
    meters: metrics.meters,
  });
  open.push(here);
  const server: Server = await startServer(here.engine, { roles: [], metrics });
  open.push({ [Symbol.asyncDispose]: () => server.close() });
  const scrape = async () => samplesOf(await fetch(`${server.url}/metrics`));
  return { ...here, scrape };
}

/** The samples, by name and labels as they are written. */
async function samplesOf(response: Response): Promise<ReadonlyMap<string, number>> {
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

test('runs, tries and requests are counted by what they came to', async () => {
  const { sandbox, sync, scrape, person } = await served();
  sandbox.fault({
    operation: 'create',
    match: person(0).mail ?? '',
    effect: { kind: 'status', status: 400 },
  });

  await sync();

  const samples = await scrape();
  expect(samples.get('rollcall_runs_total{source="people",outcome="planned"}')).toBe(1);
  expect(samples.get('rollcall_operation_tries_total{kind="create",outcome="done"}')).toBe(7);
  expect(samples.get('rollcall_operation_tries_total{kind="create",outcome="failed"}')).toBe(1);
  expect(samples.get('rollcall_profile_api_requests_total{method="POST",code="400"}')).toBe(1);
  expect(samples.get('rollcall_operation_try_duration_seconds_count{kind="create"}')).toBe(8);
  expect(samples.get('rollcall_run_duration_seconds_count{source="people"}')).toBe(1);
});

test('how things stand is looked up at every scrape', async () => {
  const { sync, release, plan, publish, people, scrape } = await served();
  const before = await scrape();
  expect(before.get('rollcall_source_last_good_snapshot_timestamp_seconds{source="people"}')).toBeUndefined();

  await sync();
  const after = await scrape();
  const age =
    Date.now() / 1_000 -
    (after.get('rollcall_source_last_good_snapshot_timestamp_seconds{source="people"}') ?? 0);
  expect(age).toBeGreaterThanOrEqual(-1);
  expect(age).toBeLessThan(60);
  expect(after.get('rollcall_store_up')).toBe(1);
  expect(after.get('rollcall_source_last_run_failed{source="people"}')).toBe(0);

  await publish(people.map((one) => ({ ...one, title: 'Chief' })));
  await plan();
  const waiting = await scrape();
  expect(waiting.get('rollcall_plans_waiting{source="people"}')).toBe(1);
  expect(waiting.get('rollcall_operations{state="held"}')).toBe(8);

  await release();
  const queued = await scrape();
  expect(queued.get('rollcall_operations{state="queued"}')).toBeGreaterThan(0);
  expect(queued.get('rollcall_execution_paused')).toBe(0);
});

test('of leavers it is told how long it takes until they are found to be inactive', async () => {
  const here = await served();
  await here.sync();

  const { run } = await sayLeft(here, here.person(0).mail);
  if (run !== undefined) await here.carryOut(run);

  const samples = await here.scrape();
  expect(samples.get('rollcall_leaver_latency_seconds_count{cause="hr-event"}')).toBe(1);
  const sum = samples.get('rollcall_leaver_latency_seconds_sum{cause="hr-event"}');
  expect(sum).toBeGreaterThan(0);
  expect(sum).toBeLessThan(60);
});

test('leavers who are active still are told until they are deactivated, or somebody decides otherwise', async () => {
  const here = await served({ config: { guards: '{ maxDeactivations: { count: 1, percent: 1 } }' } });
  await here.sync();
  const waiting = async () => {
    const samples = await here.scrape();
    const of = (state: string) => samples.get(`rollcall_leavers_waiting{source="people",state="${state}"}`);
    return { due: of('due'), held: of('held') };
  };
  expect(await waiting()).toEqual({ due: 0, held: 0 });

  const saidAt = Date.now() / 1_000;
  const first = await sayLeft(here, here.person(0).mail);
  const second = await sayLeft(here, here.person(1).mail);
  expect(await waiting()).toEqual({ due: 1, held: 1 });
  const since = (await here.scrape()).get(
    'rollcall_leaver_waiting_since_timestamp_seconds{source="people",state="due"}',
  );
  expect(Math.abs((since ?? 0) - saidAt)).toBeLessThan(5);

  if (first.run === undefined || second.run === undefined) throw new Error('Both are planned.');
  await here.carryOut(first.run);
  expect(await waiting()).toEqual({ due: 0, held: 1 });
  await rejectPlan(here.engine.store.db, second.run, { actor: 'cli:anna', reason: 'Not him.' }, new Date());
  expect(await waiting()).toEqual({ due: 0, held: 0 });
});

test('without a store a process still tells of itself, and of nothing that it can not know', async () => {
  const { engine, sync, scrape } = await served();
  await sync();
  await engine.store.close();

  const samples = await scrape();

  expect(samples.get('rollcall_store_up')).toBe(0);
  expect(samples.get('rollcall_operation_tries_total{kind="create",outcome="done"}')).toBe(8);
  expect([...samples.keys()].filter((name) => name.startsWith('rollcall_source'))).toEqual([]);
  expect(samples.get('rollcall_operations{state="queued"}')).toBeUndefined();
  expect(samples.get('rollcall_execution_paused')).toBeUndefined();
});

test('nobody’s data is in it', async () => {
  const { sync, scrape, people } = await served();
  await sync();

  const names = [...(await scrape()).keys()].join('\n');

  for (const { mail, uid } of people) {
    expect(names).not.toContain(mail);
    expect(names).not.toContain(uid);
  }
});
