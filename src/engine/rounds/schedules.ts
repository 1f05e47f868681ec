/** Runs by the clock: a tick is taken in the store, so it makes one run however many schedulers there are. */

import type { Transaction } from 'kysely';
import { appendAudit } from '../../audit/index.ts';
import type { SourceId } from '../../identity/index.ts';
import { dueTick, nextTick, type Punctuality, punctualityOf, type TickRule } from '../../schedule/index.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { isRunPending, requestRun, runsToRepeat, takeRepeat } from '../../store/runs/runs.ts';
import {
  expectSchedules,
  forgetOtherSchedules,
  type KeptSchedule,
  keptSchedules,
  type ScheduleKey,
  startOver,
  takeTick,
} from '../../store/runs/schedules.ts';
import type { Database, ReadingMode } from '../../store/schema.ts';
import { pausedSources } from '../../store/service/pauses.ts';
import { type Quarantine, quarantines } from '../../store/sources/quarantines.ts';
import type { Engine } from '../engine.ts';

/** After a whole reading a delta tells nothing new, so that where both are due the whole one goes first. */
const readings = ['full', 'delta'] as const satisfies readonly ReadingMode[];

/** A store whose clock is put back by less is waited for; by more, it was wrong before. */
const clockErrorMs = 3_600_000;

interface Schedule extends ScheduleKey {
  readonly rule: TickRule;
}

const schedulesOf = (sources: Engine['sources']): readonly Schedule[] =>
  readings.flatMap((reading) =>
    sources.flatMap(({ id, config: { schedule } }) => {
      const { timezone, jitter, makeUp } = schedule;
      const pattern = schedule[reading];
      if (pattern === undefined) return [];
      const rule = { pattern, timezone, jitter, makeUp };
      return [{ source: id, reading, pattern: `${pattern} ${timezone}`, rule }];
    }),
  );

/** Begins with the schedules of this configuration, and forgets what others had. */
export async function beginSchedules({ store: { db }, sources }: Engine): Promise<void> {
  const schedules = schedulesOf(sources);
  await expectSchedules(db, schedules);
  await forgetOtherSchedules(db, schedules);
}

/**
 * Requests a run for each schedule that is due, and once more for each whose process died in the middle. What was missed is
 * made up once, where that is not too late.
 */
export async function requestDueRuns(engine: Engine): Promise<void> {
  const schedules = schedulesOf(engine.sources);
  if (schedules.length === 0) return;
  const { db } = engine.store;
  const { now, schedules: kept } = await keptSchedules(db);
  const due = [...(await interrupted(engine, now)), ...dueSchedules(schedules, kept, now)];
  if (due.length > 0) {
    // A source that is paused is left alone: what it misses meanwhile is missed as if no service were at work.
    const paused = await pausedSources(db);
    const quarantined = await quarantines(db);
    for (const one of due)
      if (!paused.has(one.source)) await takeDue(engine, one, quarantined.get(one.source), now);
  }
  await keepInOrder(engine, schedules, kept, now);
}

/** A tick for which there is to be a run. */
interface Due {
  readonly source: SourceId;
  readonly reading: ReadingMode;
  readonly at: Date;
  readonly punctuality: Punctuality;
  /** The run for it that ended with its process; undefined where there was none yet. */
  readonly insteadOf: RunId | undefined;
  /** @returns false where somebody else has it */
  take(tx: Transaction<Database>): Promise<boolean>;
}

const dueSchedules = (
  schedules: readonly Schedule[],
  kept: readonly KeptSchedule[],
  now: Date,
): readonly Due[] =>
  schedules.flatMap((schedule) => {
    const { source, reading, rule } = schedule;
    const known = kept.find((one) => isSame(one, schedule));
    const tick = known && dueTick(rule, known.seed, known.takenUntil, now);
    if (tick === undefined) return [];
    const punctuality = punctualityOf(rule, tick, now);
    const take = (tx: Transaction<Database>) => takeTick(tx, schedule, tick.at);
    return [{ source, reading, at: tick.at, punctuality, insteadOf: undefined, take }];
  });

/** Never again for a run that is made in place of another one: what kills its process would do so for ever. */
async function interrupted({ store: { db }, sources }: Engine, now: Date): Promise<readonly Due[]> {
  return (await runsToRepeat(db)).map(({ id, source, reading, tick }) => {
    const makeUp = sources.find((one) => one.id === source)?.config.schedule.makeUp ?? 0;
    const punctuality = now.getTime() - tick.getTime() <= makeUp ? 'made-up' : 'forgone';
    return { source, reading, at: tick, punctuality, insteadOf: id, take: (tx) => takeRepeat(tx, id) };
  });
}

const isSame = (one: ScheduleKey, other: ScheduleKey): boolean =>
  one.source === other.source && one.reading === other.reading && one.pattern === other.pattern;

async function takeDue(
  { store: { db }, log }: Engine,
  { source, reading, at, punctuality, insteadOf, take }: Due,
  quarantine: Quarantine | undefined,
  now: Date,
): Promise<void> {
  const about = { source, reading, tick: at, insteadOf };
  const skip = (why: object, sentence: string): void =>
    log.info({ event: 'run.skipped', ...about, ...why }, sentence);

  // Together: whoever dies in the middle leaves the tick to others.
  await db.transaction().execute(async (tx) => {
    if (!(await take(tx))) return;
    if (punctuality === 'forgone')
      return skip({}, 'The run was missed, and it is too late to make it up (schedule.makeUp).');
    if (quarantine !== undefined)
      return skip(
        { since: quarantine.since, next: quarantine.nextTryAt },
        'The source is in quarantine, and is tried less often than by its schedule.',
      );
    if (await isRunPending(tx, source, reading))
      return skip({}, 'A run of the source is waiting or reading already; this one is left out.');
    const run = await requestRun(tx, {
      source,
      mode: 'apply',
      reading,
      trigger: 'schedule',
      actor: 'schedule',
      onlyWho: undefined,
      tick: insteadOf === undefined ? at : undefined,
    });
    const madeUp = punctuality === 'made-up';
    const details = { reading, tick: at.toISOString(), madeUp, insteadOf };
    await appendAudit(tx, [{ actor: 'schedule', action: 'run.requested', run, source, details }], now);
    if (madeUp) log.warn({ event: 'run.made-up', run, ...about }, madeUpInWords(source, at, insteadOf));
  });
}

const madeUpInWords = (source: SourceId, at: Date, insteadOf: RunId | undefined): string =>
  insteadOf === undefined
    ? `The run of ${source} at ${at.toISOString()} was missed: no service was at work, or the source was paused. It is made up now, once, however many were missed.`
    : `Run ${insteadOf} of ${source} at ${at.toISOString()} ended with its process before there was a plan. It is made up now, once.`;

/** Begins to count for schedules that nobody has counted for, and again where the store's clock was put back. */
async function keepInOrder(
  { store: { db }, log }: Engine,
  schedules: readonly Schedule[],
  kept: readonly KeptSchedule[],
  now: Date,
): Promise<void> {
  const unknown = schedules.filter((schedule) => !kept.some((one) => isSame(one, schedule)));
  await expectSchedules(db, unknown);
  if (!kept.some(({ takenUntil }) => takenUntil.getTime() > now.getTime() + clockErrorMs)) return;
  for (const source of await startOver(db, clockErrorMs))
    log.warn(
      { event: 'schedule.clock', source },
      `The clock of the store was put back: the schedule of ${source} counts from now on again.`,
    );
}

/** What is due next for a source, and when. */
export interface NextRun {
  readonly at: Date;
  readonly reading: ReadingMode;
}

/** What is due next for each source, its delay included. */
export async function nextRuns({
  store: { db },
  sources,
}: Pick<Engine, 'store' | 'sources'>): Promise<ReadonlyMap<SourceId, NextRun>> {
  const { now, schedules: kept } = await keptSchedules(db);
  const next = new Map<SourceId, NextRun>();
  for (const schedule of schedulesOf(sources)) {
    const known = kept.find((one) => isSame(one, schedule));
    const tick = known && nextTick(schedule.rule, known.seed, known.takenUntil, now);
    const sooner = next.get(schedule.source);
    if (tick !== undefined && (sooner === undefined || tick.firesAt < sooner.at))
      next.set(schedule.source, { at: tick.firesAt, reading: schedule.reading });
  }
  return next;
}
