/** When a source is to be read: the times of its cron pattern, each put off a little where that is wanted. */
import { createHash } from 'node:crypto';
import { Cron } from 'croner';

/** What the configuration says of one reading of a source. */
export interface TickRule {
  /** A cron pattern, by the clocks of `timezone`. */
  readonly pattern: string;
  readonly timezone: string;
  /** Each time is put off by less than this, in milliseconds, and never as far as the next one. */
  readonly jitter: number;
  /** How long after its time a run that was missed is made up, in milliseconds; 0 for never. */
  readonly makeUp: number;
}

/** A time of the pattern, and when the run for it is requested. */
export interface Tick {
  readonly at: Date;
  readonly firesAt: Date;
}

/** A scheduler that comes so late has merely been busy or was started anew; what is later was missed. */
const punctualMs = 60_000;

/** What one process parsed, it needn't again each second. */
const parsed = new Map<string, Cron>();

function cronOf({ pattern, timezone }: TickRule): Cron {
  const key = `${timezone} ${pattern}`;
  const cron = parsed.get(key) ?? new Cron(pattern, { timezone, paused: true });
  parsed.set(key, cron);
  return cron;
}

/** Of the time's own distance to the next one: the same in every process that has the same seed. */
function delayOf(rule: TickRule, seed: string, at: Date): number {
  if (rule.jitter === 0) return 0;
  const next = cronOf(rule).nextRun(at);
  const most = next === null ? rule.jitter : Math.min(rule.jitter, next.getTime() - at.getTime());
  const drawn = createHash('sha256').update(`${seed} ${at.toISOString()}`).digest().readUInt32BE();
  return Math.floor((drawn / 2 ** 32) * most);
}

const tickAt = (rule: TickRule, seed: string, at: Date): Tick => ({
  at,
  firesAt: new Date(at.getTime() + delayOf(rule, seed, at)),
});

/** The latest two times of the pattern that are not after `now`, the later one first. */
const latestTimes = (rule: TickRule, now: Date): readonly Date[] =>
  // Croner looks for what comes before; a time that is now has come.
  cronOf(rule).previousRuns(2, new Date(now.getTime() + 1));

/**
 * The latest tick that has fired by `now`, where it is after `takenUntil`. Others between the two are missed: one run
 * stands for all of them.
 *
 * @param seed - what the delays are drawn from, kept in the store so that all processes draw the same
 */
export function dueTick(rule: TickRule, seed: string, takenUntil: Date, now: Date): Tick | undefined {
  // Only the last one may still be put off, since none is put off as far as the next.
  return latestTimes(rule, now)
    .filter((at) => at > takenUntil)
    .map((at) => tickAt(rule, seed, at))
    .find(({ firesAt }) => firesAt <= now);
}

/** The tick that fires next; one that is due already counts. Undefined where the pattern never comes again. */
export function nextTick(rule: TickRule, seed: string, takenUntil: Date, now: Date): Tick | undefined {
  const due = dueTick(rule, seed, takenUntil, now);
  if (due !== undefined) return due;
  const [last] = latestTimes(rule, now);
  if (last !== undefined && last > takenUntil) return tickAt(rule, seed, last);
  const next = cronOf(rule).nextRun(now);
  return next === null ? undefined : tickAt(rule, seed, next);
}

/** `punctual`: as planned. `made-up`: nobody was there in time, and it is not too late. `forgone`: it is. */
export type Punctuality = 'punctual' | 'made-up' | 'forgone';

export function punctualityOf({ makeUp }: TickRule, { firesAt }: Tick, now: Date): Punctuality {
  const lateMs = now.getTime() - firesAt.getTime();
  if (lateMs <= punctualMs) return 'punctual';
  return lateMs <= makeUp ? 'made-up' : 'forgone';
}
