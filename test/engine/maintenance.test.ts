/** Maintenance windows: nothing is written meanwhile, nothing is lost, and whoever waits is told why. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { runs } from '../../src/cli/commands/runs.ts';
import { status } from '../../src/cli/commands/status.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { checkAll, type Engine } from '../../src/engine/index.ts';
import { watchStandstills } from '../../src/engine/rounds/watch-standstills.ts';
import { sessionOf } from '../cli/session.ts';
import { combinations, until } from '../e2e/stage.ts';
import { sayLeft } from '../offboarding/office.ts';
import { type Installation, install } from './installation.ts';
import { audited, hour, pauseFor, settled } from './standing-still.ts';

const clock = (fromNowMs: number): string => new Date(Date.now() + fromNowMs).toISOString().slice(11, 16);
/** A window that is in force now, as long as no test lasts. */
const now = (more = ''): string => `[{ from: "${clock(-hour)}", to: "${clock(2 * hour)}"${more} }]`;

const states = async (here: Installation, run: Parameters<Installation['operations']>[0]) =>
  (await here.operations(run)).map(({ kind, state, attempts }) => `${kind} ${state} ${attempts}`);

const inMaintenance = (more = '', combination: (typeof combinations)[number] = 'PostgreSQL and Redis') =>
  install({ combination, people: 4, config: { maintenance: now(more) } });

/** Another process, once the windows have been taken out of the configuration: as if they were over. */
async function afterMaintenance(here: Installation): Promise<Engine> {
  const file = join(here.folder, 'rollcall.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^maintenance: .*$/m, 'maintenance: []'));
  return await here.another();
}

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
