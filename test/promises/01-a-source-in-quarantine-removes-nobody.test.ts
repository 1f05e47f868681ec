/** Promise 1, for a source that keeps failing: it is tried less often, and removes nobody until it has shown that it is well. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { quarantineClear } from '../../src/cli/commands/quarantine.ts';
import { status } from '../../src/cli/commands/status.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { statusOf } from '../../src/engine/index.ts';
import { tryQuarantined } from '../../src/engine/rounds/quarantine.ts';
import { startService } from '../../src/engine/service.ts';
import { latestRuns } from '../../src/store/runs/runs.ts';
import { countFailedReading, quarantineOf } from '../../src/store/sources/quarantines.ts';
import { sessionOf } from '../cli/session.ts';
import { type Installation, install, people } from '../engine/installation.ts';

const every = (schedule: string) => ({
  sources: `[{ id: people, type: ldif, file: people.ldif, active: 'user.employeeType != "left"', schedule: { full: "${schedule}" } }]`,
});

/** A run over a file that breaks off. */
async function fail(here: Installation): Promise<void> {
  await here.publishText(`${toLdif(here.people)}\nthis line breaks the file off\n`);
  await here.sync();
}

async function failThrice(here: Installation): Promise<void> {
  for (let round = 0; round < 3; round += 1) await fail(here);
}

const quarantined = (here: Installation) => quarantineOf(here.engine.store.db, people);
const deactivated = (here: Installation) =>
  here.effects().filter((effect) => effect.startsWith('deactivated'));
const actions = async (here: Installation) =>
  (await latestEntries(here.engine.store.db, {}, 500))
    .filter(({ action }) => action === 'source.quarantined' || action === 'source.released')
    .map(({ actor, action }) => `${actor} ${action}`);

describe('a source goes into quarantine', () => {
  test('after three incomplete readings in a row, and everybody is told', async () => {
    await using here = await install({ people: 6 });
    await here.sync();
    await fail(here);
    await fail(here);
    expect(await quarantined(here)).toBeUndefined();

    await fail(here);
    await fail(here);

    const [source] = (await statusOf(here.engine)).sources;
    expect(source?.quarantine).toMatchObject({ reason: expect.stringContaining('people.ldif') });
    const { session, told } = sessionOf(here);
    await status(session);
    expect(told.join('')).toContain('IN QUARANTINE since');
    expect(await actions(here)).toEqual(['rollcall source.quarantined']);
  });

  test('after three readings that could not be begun', async () => {
    await using here = await install({ people: 2 });
    await here.sync();
    await rm(join(here.folder, 'people.ldif'));
    for (let round = 0; round < 3; round += 1) await expect(here.sync()).rejects.toThrow('people.ldif');

    expect(await quarantined(here)).toMatchObject({ source: people });
  });

  test('but not where a good one lies between, for dry runs, or where the org is at fault', async () => {
    await using here = await install({ people: 4 });
    await here.sync();
    await fail(here);
    await fail(here);
    await here.publish(here.people);
    await here.sync();
    await fail(here);
    await fail(here);
    await here.plan();
    await here.publish(here.people);
    here.sandbox.fault({ operation: 'list', effect: { kind: 'html', when: 'before' } });
    for (let round = 0; round < 3; round += 1) await expect(here.sync()).rejects.toThrow();

    expect(await quarantined(here)).toBeUndefined();
  });
});

describe('in quarantine', () => {
  test('the first good reading joins, removes nobody and ends it; the next one removes', async () => {
    await using here = await install({ people: 6 });
    const [joiner, ...others] = here.people;
    await here.publish(others);
    await here.sync();
    await failThrice(here);
    const [left, , ...present] = here.people;
    if (joiner === undefined || left === undefined) throw new Error('There are six.');
    // One is marked as having left, one is not there any more.
    await here.publish([joiner, ...markLeft([left], left.uid), ...present]);

    const first = await here.sync();
    expect(deactivated(here)).toEqual([]);
    expect(here.effects()).toContain(`created ${joiner.mail}`);
    expect(first.run.summary?.incomplete).toContain('The source is in quarantine since');
    expect(await quarantined(here)).toBeUndefined();
    expect(await actions(here)).toEqual(['rollcall source.quarantined', 'rollcall source.released']);

    await here.sync();
    expect(deactivated(here)).toHaveLength(2);
  });

  test('a person may end it, with a reason, and the next run removes', async () => {
    await using here = await install({ people: 6 });
    await here.sync();
    await failThrice(here);
    await here.publish(here.people.slice(1));
    const { session } = sessionOf(here);

    await quarantineClear(session, 'people', { reason: 'The export is mended.' });
    await here.sync();

    expect(deactivated(here)).toHaveLength(1);
    expect(await actions(here)).toEqual(['rollcall source.quarantined', 'cli:anna source.released']);
    await expect(quarantineClear(session, 'people', { reason: 'Again.' })).rejects.toThrow(
      'not in quarantine',
    );
  });

  test('it is tried again after a time that doubles up to a day', async () => {
    await using here = await install({ people: 1 });
    const { db } = here.engine.store;
    const minutes: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      await countFailedReading(db, people, 'full', 'It is away.', here.engine.config.guards.quarantine);
      const at = (await quarantined(here))?.nextTryAt;
      if (at !== undefined) minutes.push(Math.round((at.getTime() - Date.now()) / 60_000));
    }

    expect(minutes).toEqual([15, 30, 60, 120, 240, 480, 960, 1440]);
  });

  test('a delta that fails counts with deltas alone', async () => {
    await using here = await install({ people: 1 });
    const { db } = here.engine.store;
    const rule = here.engine.config.guards.quarantine;
    for (const reading of ['full', 'delta', 'full', 'delta'] as const)
      expect(await countFailedReading(db, people, reading, 'It is away.', rule)).toBe(false);

    expect(await countFailedReading(db, people, 'delta', 'It is away.', rule)).toBe(true);
  });

  test('a scheduler requests one whole reading when its time has come, and none by the schedule', async () => {
    await using here = await install({ people: 2, config: every('* * * * * *') });
    await here.sync();
    await failThrice(here);
    const { engine } = here;
    const requested = async () =>
      (await latestRuns(engine.store.db, 50)).flatMap(({ actor, reading }) =>
        actor === 'cli:test' ? [] : [`${actor} ${reading}`],
      );

    const service = await startService(engine, ['scheduler']);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await service.stop();
    expect(await requested()).toEqual([]);

    await sql`UPDATE quarantines SET next_try_at = now()`.execute(engine.store.db);
    await Promise.all([tryQuarantined(engine), tryQuarantined(engine)]);
    expect(await requested()).toEqual(['quarantine full']);
  });
});
