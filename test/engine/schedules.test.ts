/** Runs by the clock: one for each time, whoever looks and however often, and one for all that were missed. */
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { type Engine, startService, statusOf } from '../../src/engine/index.ts';
import { beginSchedules, nextRuns, requestDueRuns } from '../../src/engine/rounds/schedules.ts';
import { pauseByWord, resumeByWord } from '../../src/plan/index.ts';
import { beginRun, failAbandonedRuns, latestRuns } from '../../src/store/runs/runs.ts';
import { announce } from '../../src/store/service/services.ts';
import { combinations, until } from '../e2e/stage.ts';
import { type Installation, install, people } from './installation.ts';

const minute = 60_000;
const hour = 60 * minute;
const word = { actor: 'cli:anna', reason: 'The import is wrong.' };

/** A pattern that comes once a day, so long before now; by UTC's clocks. */
function daily(agoMs: number): string {
  const at = new Date(Date.now() - agoMs);
  return `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}

const scheduled = (schedule: string, combination: (typeof combinations)[number] = 'PostgreSQL and Redis') =>
  install({
    combination,
    people: 2,
    config: { sources: `[{ id: people, type: ldif, file: people.ldif, schedule: { ${schedule} } }]` },
  });

/** As if nobody had looked at the clock for so long. */
async function sleepFor({ engine }: Installation, ms: number): Promise<void> {
  await sql`UPDATE schedules SET taken_until = now() - ${ms} * interval '1 millisecond'`.execute(
    engine.store.db,
  );
}

const requests = async ({ engine }: Installation) =>
  (await latestEntries(engine.store.db, {}, 500))
    .filter(({ actor, action }) => actor === 'schedule' && action === 'run.requested')
    .map(({ details }) => details);

const runsOf = async ({ engine }: Installation) =>
  (await latestRuns(engine.store.db, 100)).map(({ reading, state }) => `${reading} ${state}`);

describe.each(combinations)('on %s', (combination) => {
  test('runs that were missed while no service was at work are made up once', async () => {
    await using here = await scheduled(`full: "${daily(5 * hour)}"`, combination);
    await beginSchedules(here.engine);
    await sleepFor(here, 3 * 24 * hour);

    for (let look = 0; look < 3; look += 1) await requestDueRuns(here.engine);

    expect(await requests(here)).toEqual([{ reading: 'full', tick: expect.any(String), madeUp: true }]);
    expect(await runsOf(here)).toEqual(['full requested']);
  });

  test('however many schedulers look at the same moment, a time makes one run', async () => {
    await using here = await scheduled('full: "* * * * * *"', combination);
    const engines = [here.engine, await here.another(), await here.another(), await here.another()];
    for (const engine of engines) await beginSchedules(engine);
    const until = Date.now() + 4_000;
    const look = async (engine: Engine): Promise<void> => {
      while (Date.now() < until) {
        await requestDueRuns(engine);
        // Nobody makes them; else one that waits would keep others from being requested.
        // Only those that wait: two that set the same rows in another order would block each other.
        await sql`UPDATE runs SET state = 'done' WHERE id IN (
          SELECT id FROM runs WHERE state = 'requested' ORDER BY id FOR UPDATE
        )`.execute(engine.store.db);
      }
    };

    await Promise.all([...engines, ...engines].map(look));

    const ticks = (await requests(here)).map(({ tick }) => tick);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(new Set(ticks).size).toBe(ticks.length);
    expect(await runsOf(here)).toHaveLength(ticks.length);
  });
});

test('where both a whole reading and deltas were missed, the whole one stands for both', async () => {
  await using here = await scheduled(`full: "${daily(5 * hour)}", delta: "*/5 * * * *"`);
  await beginSchedules(here.engine);
  await sleepFor(here, 24 * hour);

  await requestDueRuns(here.engine);
  await requestDueRuns(here.engine);

  expect(await runsOf(here)).toEqual(['full requested']);
});

test.each([
  ['is older than makeUp', `full: "${daily(5 * hour)}", makeUp: 4h`],
  ['shall never be made up', `full: "${daily(5 * hour)}", makeUp: never`],
])('a missed run that %s is left out, and the next one is not', async (_which, schedule) => {
  await using here = await scheduled(schedule);
  await beginSchedules(here.engine);
  await sleepFor(here, 24 * hour);

  await requestDueRuns(here.engine);

  expect(await runsOf(here)).toEqual([]);
  const next = (await nextRuns(here.engine)).get(people);
  expect(next?.at.getTime()).toBeGreaterThan(Date.now() + 18 * hour);
});

test('a service that comes a few seconds late makes nothing up: that is no missed run', async () => {
  await using here = await scheduled('full: "* * * * * *", makeUp: never');
  await beginSchedules(here.engine);
  await sleepFor(here, 30_000);

  await requestDueRuns(here.engine);

  expect(await requests(here)).toEqual([expect.objectContaining({ madeUp: false })]);
});

test('a scheduler that dies in the middle leaves the time to the next one', async () => {
  await using here = await scheduled(`full: "${daily(5 * hour)}"`);
  const { db } = here.engine.store;
  await beginSchedules(here.engine);
  await sleepFor(here, 24 * hour);
  await sql`CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'killed'; END $$`.execute(db);
  await sql`CREATE TRIGGER die BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION die()`.execute(db);
  await expect(requestDueRuns(here.engine)).rejects.toThrow('killed');
  expect(await runsOf(here)).toEqual([]);
  await sql`DROP TRIGGER die ON audit`.execute(db);

  await requestDueRuns(await here.another());

  expect(await requests(here)).toHaveLength(1);
  expect(await runsOf(here)).toEqual(['full requested']);
});

describe('a run by the clock whose process dies while it reads', () => {
  /** As if the process of the run that is waiting had begun it, and had died a while ago. */
  async function die({ engine }: Installation): Promise<void> {
    const { db } = engine.store;
    const [waiting] = await latestRuns(db, 1, { states: ['requested'] });
    if (waiting === undefined) throw new Error('No run is waiting.');
    expect(await beginRun(db, waiting.id, 'gone', -1)).toMatchObject({ state: 'reading' });
    await failAbandonedRuns(db, 'another');
  }

  async function madeAndLost(schedule: string): Promise<Installation> {
    const here = await scheduled(schedule);
    await beginSchedules(here.engine);
    await sleepFor(here, 24 * hour);
    await requestDueRuns(here.engine);
    await die(here);
    return here;
  }

  test('is made once more, however many schedulers look at the same moment', async () => {
    await using here = await madeAndLost(`full: "${daily(2 * hour)}"`);
    const [lost] = await latestRuns(here.engine.store.db, 1);
    const engines = [here.engine, await here.another(), await here.another()];

    await Promise.all([...engines, ...engines].map(requestDueRuns));

    expect(await runsOf(here)).toEqual(['full requested', 'full failed']);
    const [first, again] = await requests(here);
    expect(again).toEqual({ ...first, madeUp: true, insteadOf: lost?.id });
  });

  test('is not made a third time: what killed two processes would kill all', async () => {
    await using here = await madeAndLost(`full: "${daily(2 * hour)}"`);
    await requestDueRuns(here.engine);
    await die(here);

    await requestDueRuns(here.engine);

    expect(await runsOf(here)).toEqual(['full failed', 'full failed']);
  });

  test('is not made again where nothing is to be made up', async () => {
    await using here = await madeAndLost('full: "* * * * * *", makeUp: never');
    await sleepFor(here, -minute);

    await requestDueRuns(here.engine);
    await requestDueRuns(here.engine);

    expect(await runsOf(here)).toEqual(['full failed']);
  });

  test('is made again once its source is no longer paused', async () => {
    await using here = await madeAndLost(`full: "${daily(2 * hour)}"`);
    const { db } = here.engine.store;
    await pauseByWord(db, { source: people, until: undefined, leavers: 'go' }, word, new Date());
    await requestDueRuns(here.engine);
    expect(await runsOf(here)).toEqual(['full failed']);

    await resumeByWord(db, people, word, new Date());
    await requestDueRuns(here.engine);

    expect(await runsOf(here)).toEqual(['full requested', 'full failed']);
  });

  test('is made again where its process was told to stop, too', async () => {
    await using here = await scheduled(`full: "${daily(2 * hour)}"`);
    const { db } = here.engine.store;
    await beginSchedules(here.engine);
    await sleepFor(here, 24 * hour);
    here.sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: 30_000 } });
    const service = await startService(here.engine, ['scheduler']);
    await until(
      () => latestRuns(db, 1, { states: ['reading'] }),
      (reading) => reading.length === 1,
    );
    await service.stop();
    expect(await runsOf(here)).toEqual(['full failed']);

    await requestDueRuns(here.engine);

    expect(await runsOf(here)).toEqual(['full requested', 'full failed']);
  });

  test('is not made again by the very process that is told to stop while it looks at the clock', async () => {
    await using here = await scheduled(`full: "${daily(2 * hour)}"`);
    const { db } = here.engine.store;
    await beginSchedules(here.engine);
    await sleepFor(here, 24 * hour);
    here.sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: 30_000 } });
    const service = await startService(here.engine, ['scheduler']);
    await until(
      () => latestRuns(db, 1, { states: ['reading'] }),
      (reading) => reading.length === 1,
    );

    const { stopped } = await db.transaction().execute(async (tx) => {
      await sql`LOCK TABLE schedules`.execute(tx);
      await until(
        () => sql`SELECT FROM pg_locks WHERE NOT granted AND relation = 'schedules'::regclass`.execute(tx),
        ({ rows }) => rows.length > 0,
      );
      const stopping = service.stop();
      // The run would end in this time, and the look that is under way would find it.
      await setTimeout(500);
      return { stopped: stopping };
    });
    await stopped;

    expect(await runsOf(here)).toEqual(['full failed']);
  });

  test('is left alone where a person asked for it: they see that it failed', async () => {
    await using here = await scheduled(`full: "${daily(2 * hour)}"`);
    await beginSchedules(here.engine);
    await here.request('apply');
    await die(here);

    await requestDueRuns(here.engine);

    expect(await runsOf(here)).toEqual(['full failed']);
  });
});

test('a new schedule, or another pattern, counts from when it is first seen', async () => {
  const pattern = daily(5 * hour);
  await using here = await scheduled(`full: "${pattern}"`);

  await requestDueRuns(here.engine);
  await requestDueRuns(here.engine);
  expect(await runsOf(here)).toEqual([]);

  const { db } = here.engine.store;
  await sql`UPDATE schedules SET pattern = '0 0 1 1 * UTC', taken_until = now() - interval '2 days'`.execute(
    db,
  );
  await beginSchedules(here.engine);
  await requestDueRuns(here.engine);
  expect(await runsOf(here)).toEqual([]);
  const { rows } = await sql`SELECT pattern FROM schedules`.execute(db);
  expect(rows).toEqual([{ pattern: `${pattern} UTC` }]);
});

test('a clock that is put back by hours does not silence a schedule until it has caught up', async () => {
  await using here = await scheduled('full: "* * * * * *"');
  await beginSchedules(here.engine);
  await sleepFor(here, -30 * 24 * hour);

  await requestDueRuns(here.engine);
  expect(await runsOf(here)).toEqual([]);
  await sleepFor(here, 2_000);
  await requestDueRuns(here.engine);

  expect(await runsOf(here)).toEqual(['full requested']);
});

test('a clock that is put back by seconds makes no time come twice', async () => {
  await using here = await scheduled('full: "* * * * * *"');
  await beginSchedules(here.engine);
  await sleepFor(here, -20_000);

  await requestDueRuns(here.engine);
  await requestDueRuns(here.engine);

  expect(await runsOf(here)).toEqual([]);
});

test('the status tells of the next run as it will be, its delay included, whichever process is asked', async () => {
  await using here = await scheduled(`full: "${daily(-5 * hour)}", jitter: 2h`);
  const other = await here.another();
  await beginSchedules(here.engine);
  await announce(here.engine.store.db, {
    id: 'x',
    roles: ['scheduler'],
    host: 'h',
    pid: 1,
    circuit: undefined,
  });

  const nextOf = async (engine: Engine) => (await statusOf(engine)).sources[0]?.nextRun?.at;
  const at = await nextOf(here.engine);

  expect(await nextOf(other)).toEqual(at);
  const fromNow = (at?.getTime() ?? 0) - Date.now();
  expect(fromNow).toBeGreaterThan(5 * hour - 2 * minute);
  expect(fromNow).toBeLessThan(7 * hour);
  expect(at?.getUTCSeconds() === 0 && at.getUTCMilliseconds() === 0).toBe(false);
});

test('of a paused source no run is requested; what it missed is made up once when it is resumed', async () => {
  await using here = await scheduled(`full: "${daily(2 * hour)}"`);
  const { db } = here.engine.store;
  await beginSchedules(here.engine);
  await pauseByWord(db, { source: people, until: undefined, leavers: 'go' }, word, new Date());
  await sleepFor(here, 24 * hour);

  await requestDueRuns(here.engine);
  expect(await runsOf(here)).toEqual([]);
  expect((await statusOf(here.engine)).sources[0]).toMatchObject({ nextRun: undefined, pause: word });

  await resumeByWord(db, people, word, new Date());
  await requestDueRuns(here.engine);
  await requestDueRuns(here.engine);
  expect(await runsOf(here)).toEqual(['full requested']);
});
