/** Pauses of everything and of one source: nothing is written meanwhile, nothing is lost, and whoever waits is told why. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { latestEntries } from '../../src/audit/index.ts';
import { resync } from '../../src/cli/commands/resync.ts';
import { runs } from '../../src/cli/commands/runs.ts';
import { status } from '../../src/cli/commands/status.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { checkAll, startService, statusOf } from '../../src/engine/index.ts';
import { watchStandstills } from '../../src/engine/rounds/watch-standstills.ts';
import { sessionOf } from '../cli/session.ts';
import { combinations, until } from '../e2e/stage.ts';
import { sayLeft } from '../offboarding/office.ts';
import { install, people } from './installation.ts';
import { audited, hour, pauseFor, resumeFor, settled } from './standing-still.ts';

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
