/** Pauses and maintenance windows: nothing is written meanwhile, nothing is lost, and whoever waits is told why. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import type { PauseWish } from '../../src/acts/index.ts';
import { latestEntries } from '../../src/audit/index.ts';
import { pauseCommand, resumeCommand } from '../../src/cli/commands/pause.ts';
import { resync } from '../../src/cli/commands/resync.ts';
import { runs } from '../../src/cli/commands/runs.ts';
import { status } from '../../src/cli/commands/status.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { checkAll, type Engine, startService, statusOf } from '../../src/engine/index.ts';
import { watchStandstills } from '../../src/engine/rounds/watch-standstills.ts';
import { sessionOf } from '../cli/session.ts';
import { combinations, until } from '../e2e/stage.ts';
import { sayLeft } from '../offboarding/office.ts';
import { type Installation, install, people } from './installation.ts';

const hour = 3_600_000;
const clock = (fromNowMs: number): string => new Date(Date.now() + fromNowMs).toISOString().slice(11, 16);
/** A window that is in force now, as long as no test lasts. */
const now = (more = ''): string => `[{ from: "${clock(-hour)}", to: "${clock(2 * hour)}"${more} }]`;

const inMaintenance = (more = '', combination: (typeof combinations)[number] = 'PostgreSQL and Redis') =>
  install({ combination, people: 4, config: { maintenance: now(more) } });

/** Another process, once the windows have been taken out of the configuration: as if they were over. */
async function afterMaintenance(here: Installation): Promise<Engine> {
  const file = join(here.folder, 'rollcall.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^maintenance: .*$/m, 'maintenance: []'));
  return await here.another();
}

const states = async (here: Installation, run: Parameters<Installation['operations']>[0]) =>
  (await here.operations(run)).map(({ kind, state, attempts }) => `${kind} ${state} ${attempts}`);

const pauseFor = (here: Installation, options: Partial<PauseWish> = {}) =>
  pauseCommand(sessionOf(here).session, { reason: 'The import is wrong.', leavers: 'go', ...options });
const resumeFor = (here: Installation, source?: string) =>
  resumeCommand(sessionOf(here).session, {
    reason: 'It is mended.',
    ...(source === undefined ? {} : { source }),
  });

const audited = async ({ engine }: Installation) =>
  (await latestEntries(engine.store.db, {}, 500))
    .filter(({ action }) => /^(execution|source|maintenance)[.]/.test(action))
    .map(({ actor, action, reason }) => [actor, action, reason]);

describe.each(combinations)('in a maintenance window, on %s', (combination) => {
  test('a run reads and plans, nothing is written, and all of it is done once the window is over', async () => {
    await using here = await inMaintenance(', reason: Payroll', combination);

    const end = await here.sync();

    expect(end.run.state).toBe('executing');
    expect(end.halt?.sentence).toMatch(
      /^In maintenance [(]Payroll[)], until 20.*: nothing is written to the org meanwhile/,
    );
    expect(here.effects()).toEqual([]);
    expect(await states(here, end.run.id)).toEqual(Array(4).fill('create queued 0'));

    const later = await afterMaintenance(here);
    const worker = later.startWorker();
    await worker.ready;
    await later.dispatcher.dispatchDue();
    await until(
      () => states(here, end.run.id),
      (all) => all.every((one) => one === 'create done 1'),
    );
    await worker.close(0);
    expect(here.effects()).toHaveLength(4);
  });
});

describe('in a maintenance window', () => {
  test('what is in the queue already is not taken, and comes again afterwards', async () => {
    await using here = await inMaintenance();
    const run = await here.release();
    const later = await afterMaintenance(here);
    // Put there by a process whose window had not begun.
    expect(await later.dispatcher.dispatchDue()).toBe(4);
    const worker = here.engine.startWorker();
    const inQueue = () =>
      here.engine.dispatcher.depths().then((all) => all.reduce((sum, one) => sum + one.count, 0));
    await until(inQueue, (count) => count === 0);
    expect(await states(here, run)).toEqual(Array(4).fill('create queued 0'));
    expect(here.effects()).toEqual([]);
    await worker.close(0);

    // At once, not only when a sweep finds that they are missing.
    expect(await later.dispatcher.dispatchDue()).toBe(4);
    const end = later.startWorker();
    await until(
      () => here.effects().length,
      (count) => count === 4,
    );
    await end.close(0);
  });

  test('what is under way when it begins ends', async () => {
    await using here = await install({ people: 2, api: { concurrency: '1' } });
    here.sandbox.fault({ operation: 'create', times: 1, effect: { kind: 'delay', ms: 800 } });
    const run = await here.release();
    await here.engine.dispatcher.dispatchDue();
    const worker = here.engine.startWorker();
    await until(
      () => here.sandbox.requests.create,
      (count) => count === 1,
    );

    await pauseFor(here);

    await until(
      () => here.effects().length,
      (count) => count === 1,
    );
    await worker.close(5_000);
    expect((await states(here, run)).sort()).toEqual(['create done 1', 'create queued 0']);
  });

  test.each([
    ['go', 1],
    ['wait', 0],
  ])('somebody who has left by the source’s word, with leavers: %s', async (leavers, effects) => {
    await using here = await install({ people: 6 });
    await here.sync();
    const before = here.effects().length;
    await here.publish([
      ...markLeft(here.people, here.person(0).uid),
      ...sampleDirectory({ people: 7 }).slice(6),
    ]);
    const closed = await closing(here, `, leavers: ${leavers}`);

    const run = await here.release();
    await closed.dispatcher.dispatchDue();
    const worker = closed.startWorker();
    await settled(here);
    await worker.close(0);

    expect(here.effects().slice(before)).toEqual(effects === 0 ? [] : [`deactivated ${here.person(0).mail}`]);
    expect((await states(here, run)).sort()).toEqual([
      'create queued 0',
      effects === 0 ? 'deactivate queued 0' : 'deactivate done 1',
    ]);
  });

  test('HR is told where a leaver waits, and nothing is said of it where they do not', async () => {
    await using here = await install({ people: 4 });
    await here.sync();
    const waiting = await closing(here, ', leavers: wait, reason: Payroll');
    const going = await closing(here, ', leavers: go');
    const said = (engine: Engine, index: number) => sayLeft({ ...here, engine }, here.person(index).mail);

    const waits = await said(waiting, 0);
    expect(waits).toMatchObject({ outcome: 'waits', run: expect.any(String) });
    expect(waits.sentence).toMatch(/but not yet[.] In maintenance [(]Payroll[)], until 20/);
    expect(await said(going, 1)).toMatchObject({ outcome: 'deactivating' });
  });

  test('status, runs, check, log and audit log tell of it, once over all processes', async () => {
    await using here = await inMaintenance(', reason: Payroll, leavers: wait');
    const engines = [here.engine, await here.another(), await here.another()];
    for (const engine of [...engines, ...engines]) await watchStandstills(engine);
    const { session, told } = sessionOf(here);

    await status(session);
    await runs(session, undefined, { limit: 5 });

    expect(told.join('').match(/IN MAINTENANCE since[^.]*: Payroll[.]/g)).toHaveLength(2);
    expect(told.join('')).toContain('Leavers wait, too.');
    const loaded = await loadConfig({ file: join(here.folder, 'rollcall.yaml'), env: {} });
    const checked = [];
    for await (const part of checkAll(loaded, AbortSignal.timeout(30_000))) checked.push(part);
    expect(JSON.stringify(checked)).toContain('A maintenance window is in force until');
    for (let round = 0; round < 2; round += 1) await watchStandstills(await afterMaintenance(here));
    expect(await audited(here)).toEqual([
      ['schedule', 'maintenance.began', 'Payroll'],
      ['schedule', 'maintenance.ended', null],
    ]);
  });
});

/** Another process, in whose configuration a window is in force. */
async function closing(here: Installation, more: string): Promise<Engine> {
  const file = join(here.folder, 'rollcall.yaml');
  const text = (await readFile(file, 'utf8')).replace(/^maintenance: .*\n/m, '');
  await writeFile(file, `maintenance: ${now(more)}\n${text}`);
  return await here.another();
}

/** Long enough for whatever may be taken to be taken: nothing is left in the queue. */
async function settled({ engine }: Installation): Promise<void> {
  await until(
    () => engine.dispatcher.depths(),
    (all) => all.every(({ count }) => count === 0),
  );
  await new Promise((next) => setTimeout(next, 200));
}

describe('a pause of everything', () => {
  test.each(
    combinations,
  )('lets nothing be written, survives a restart, and ends by a word (%s)', async (combination) => {
    await using here = await install({ combination, people: 3 });
    await pauseFor(here);

    const end = await here.sync();

    expect(end.halt?.sentence).toMatch(
      /^Everything is paused since .* by cli:anna: The import is wrong[.] `rollcall resume/,
    );
    const other = await here.another();
    expect((await statusOf(other)).pause).toMatchObject({
      actor: 'cli:anna',
      reason: 'The import is wrong.',
    });
    expect(here.effects()).toEqual([]);

    expect(await resumeFor(here)).toBe(0);
    expect((await here.carryOut(end.run.id)).counts).toEqual(new Map([['done', 3]]));
    expect(await audited(here)).toEqual([
      ['cli:anna', 'execution.paused', 'The import is wrong.'],
      ['cli:anna', 'execution.resumed', 'It is mended.'],
    ]);
  });

  test('a key that is accepted does not end it, as it ends the pause of a refused key', async () => {
    await using here = await install({ people: 1 });
    await pauseFor(here);

    await here.plan();

    expect((await statusOf(here.engine)).pause).toMatchObject({ actor: 'cli:anna' });
    await expect(resumeFor(here, 'people')).rejects.toThrow('itself is not paused, but everything is');
  });

  test('ends by itself at its time, also for whoever has not been told', async () => {
    await using here = await install({ people: 2 });
    await expect(pauseFor(here, { until: '2020-01-01T10:00' })).rejects.toThrow('is over already');
    await expect(pauseFor(here, { until: 'tomorrow' })).rejects.toThrow('is no time');
    await pauseFor(here, { until: new Date(Date.now() + hour).toISOString() });
    const waiting = await here.sync();
    expect(waiting.halt?.sentence).toContain(', until 20');
    await sql`UPDATE pauses SET until_at = now() - interval '1 second'`.execute(here.engine.store.db);

    expect((await statusOf(here.engine)).pause).toBeUndefined();
    expect((await here.carryOut(waiting.run.id)).counts).toEqual(new Map([['done', 2]]));
    const engines = [here.engine, await here.another()];
    await Promise.all([...engines, ...engines].map((engine) => watchStandstills(engine)));

    expect((await audited(here)).map(([actor, action]) => `${actor} ${action}`)).toEqual([
      'cli:anna execution.paused',
      'rollcall execution.resumed',
    ]);
  });

  test.each([
    ['go', 'deactivating', 1],
    ['wait', 'waits', 0],
  ] as const)('whom HR says to have left, with --leavers %s', async (leavers, outcome, effects) => {
    await using here = await install({ people: 4 });
    await here.sync();
    const before = here.effects().length;
    await pauseFor(here, { leavers });

    const answer = await sayLeft(here, here.person(0).mail);
    const worker = here.engine.startWorker();
    await here.engine.dispatcher.dispatchDue();
    await settled(here);
    await worker.close(0);

    expect(answer.outcome).toBe(outcome);
    if (outcome === 'waits') expect(answer.sentence).toContain('but not yet. Everything is paused since');
    expect(here.effects().slice(before)).toHaveLength(effects);
  });

  test('whom a reading finds to have left waits: what is read is what may be wrong', async () => {
    await using here = await install({ people: 4 });
    await here.sync();
    const before = here.effects().length;
    await pauseFor(here);
    await here.publish(markLeft(here.people, here.person(0).uid));

    const end = await here.sync();

    expect(end.halt?.sentence).toContain('Everything is paused');
    expect(here.effects()).toHaveLength(before);
    // HR says the same: now it is somebody's word.
    const { run } = await sayLeft(here, here.person(0).mail);
    expect(run && (await here.carryOut(run)).counts).toEqual(new Map([['done', 1]]));
    expect(here.effects().slice(before)).toEqual([`deactivated ${here.person(0).mail}`]);
  });
});

describe('a pause of one source', () => {
  const two = {
    sources:
      '[{ id: people, type: ldif, file: people.ldif, schedule: { full: "* * * * * *" } }, { id: others, type: ldif, file: people.ldif, schedule: { full: "* * * * * *" } }]',
    correlation: '[email]',
  };

  test('keeps it from being read and written by the service; others go on', async () => {
    await using here = await install({ people: 2, config: two });
    await pauseFor(here, { source: 'people' });
    const waiting = await here.request('apply');
    const service = await startService(here.engine, ['scheduler', 'worker']);

    await until(
      () => here.effects().length,
      (count) => count === 2,
    );
    await new Promise((next) => setTimeout(next, 2_500));

    const all = await here.engine.store.db.selectFrom('runs').select(['id', 'source_id', 'state']).execute();
    expect(all.filter((run) => run.source_id === people)).toEqual([
      { id: waiting, source_id: 'people', state: 'requested' },
    ]);
    expect(all.filter((run) => run.source_id !== people).length).toBeGreaterThan(1);
    await resumeFor(here, 'people');
    await until(
      () =>
        here.engine.store.db.selectFrom('runs').select('state').where('id', '=', waiting).executeTakeFirst(),
      (run) => run?.state === 'done',
    );
    await service.stop();
  });

  test('keeps what is queued of it from being carried out', async () => {
    await using here = await install({ people: 2 });
    const run = await here.release();
    await pauseFor(here, { source: 'people' });

    const end = await here.carryOut(run);

    expect(end.halt?.sentence).toMatch(/^The source people is paused since .*resume --source people/);
    expect(here.effects()).toEqual([]);
    await resumeFor(here, 'people');
    expect((await here.carryOut(run)).counts).toEqual(new Map([['done', 2]]));
  });

  test('refuses a run by hand with what to do, and makes it with --although-paused', async () => {
    await using here = await install({ people: 2 });
    await pauseFor(here, { source: 'people' });
    const { session } = sessionOf(here);

    await expect(resync(session, { mode: 'full', wait: true })).rejects.toThrow(
      /The source people is paused since .* by cli:anna: The import is wrong[.]\nNo run was made[.] .*--although-paused/,
    );
    expect(here.effects()).toEqual([]);

    const [one] = here.people;
    await resync(session, { mode: 'full', wait: true, user: one?.mail ?? '', althoughPaused: true });
    expect(here.effects()).toEqual([`created ${one?.mail}`]);
    const requested = (await latestEntries(here.engine.store.db, {}, 50)).find(
      ({ action }) => action === 'run.requested',
    );
    expect(requested?.details).toMatchObject({ althoughPaused: true });
  });

  test('--although-paused goes past the pause of a source, not past that of everything', async () => {
    await using here = await install({ people: 1 });
    await pauseFor(here, { source: 'people' });
    await pauseFor(here);
    const { session, told } = sessionOf(here);

    const code = await resync(session, { mode: 'full', wait: true, althoughPaused: true });

    expect(code).toBe(3);
    expect(told.join('')).toContain('nothing has failed. Everything is paused since');
    expect(here.effects()).toEqual([]);
  });

  test('of several sources, the paused one is left out of a run by hand, and named', async () => {
    await using here = await install({ people: 2, config: two });
    await pauseFor(here, { source: 'people' });
    const { session, told } = sessionOf(here);

    expect(await resync(session, { mode: 'full', wait: true })).toBe(0);

    expect(told.join('')).toMatch(/The source people is paused since .*It is left out[.]/s);
    expect(here.effects()).toHaveLength(2);
  });

  test('is told by status, runs and check, and can be given other terms', async () => {
    await using here = await install({ people: 1 });
    await pauseFor(here, { source: 'people' });
    await pauseFor(here, { source: 'people', reason: 'HR is asked.', until: '2099-01-31', leavers: 'wait' });
    const { session, told } = sessionOf(here);

    await status(session);
    await runs(session, undefined, { limit: 5 });

    const text = told.join('').replaceAll(/\s+/g, ' ');
    expect(
      text.match(
        /PAUSED since [^:]*:\d\d:\d\dZ [(][^)]*[)] by cli:anna, until 2099-02-01 00:00:00Z: HR is asked[.]/g,
      ),
    ).toHaveLength(2);
    const loaded = await loadConfig({ file: join(here.folder, 'rollcall.yaml'), env: {} });
    const checked = [];
    for await (const part of checkAll(loaded, AbortSignal.timeout(30_000))) checked.push(part);
    expect(JSON.stringify(checked)).toContain('The source people is paused since');
    await expect(resumeFor(here)).rejects.toThrow(
      'Not everything is paused, but people. Name it with --source.',
    );
    await resumeFor(here, 'people');
    await expect(resumeFor(here)).rejects.toThrow('Nothing is paused.');
  });
});
