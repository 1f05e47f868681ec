/** Maintenance windows: from when until when nothing is written to the org. */
import type { Config } from '../../config/schema.ts';
import { weekdays } from '../../config/sections/maintenance.ts';
import { dayIn, whenClocksReach } from '../identity/calendar.ts';

/** One of `maintenance` in the configuration. */
export type MaintenanceWindow = Config['maintenance'][number];

/** One time that a window is in force, from its first moment until before its last. */
export interface Closure {
  readonly from: Date;
  readonly until: Date;
  /** Whether those who have left are deactivated all the same. */
  readonly leavers: 'go' | 'wait';
  /** What it is for, in the administrator's words. */
  readonly reason: string | undefined;
}

const dayMs = 86_400_000;

/**
 * Every closure that touches the time from `from` to `to`, in order. Clocks decide: whatever they show twice belongs to a
 * window both times.
 */
export function closuresBetween(
  windows: readonly MaintenanceWindow[],
  from: Date,
  to: Date,
): readonly Closure[] {
  return windows
    .flatMap((window) => (window.kind === 'recurring' ? recurrences(window, from, to) : [once(window)]))
    .filter((closure) => closure.from < closure.until && closure.from < to && from < closure.until)
    .sort((one, other) => one.from.getTime() - other.from.getTime());
}

/** The clocks of two machines differ by less than this. */
const clockErrorMs = 3_600_000;

/** What may be in force now by anybody's clock. */
export const closedAround = (windows: readonly MaintenanceWindow[], now: Date): readonly Closure[] =>
  windows.length === 0
    ? []
    : closuresBetween(
        windows,
        new Date(now.getTime() - clockErrorMs),
        new Date(now.getTime() + clockErrorMs),
      );

type Recurring = Extract<MaintenanceWindow, { kind: 'recurring' }>;

function recurrences(window: Recurring, from: Date, to: Date): readonly Closure[] {
  const { days, timezone } = window;
  const lengthMs = window.to > window.from ? window.to - window.from : window.to + dayMs - window.from;
  const closures: Closure[] = [];
  // A window of the day before may last until today.
  const first = dayIn(from, timezone).getTime() - dayMs;
  for (let day = first; day <= dayIn(to, timezone).getTime(); day += dayMs) {
    const weekday = weekdays.at(new Date(day).getUTCDay() - 1);
    if (weekday === undefined || !days.includes(weekday)) continue;
    const begins = day + window.from;
    closures.push(closure(window, new Date(begins), new Date(begins + lengthMs)));
  }
  return closures;
}

const once = (window: Exclude<MaintenanceWindow, Recurring>): Closure =>
  closure(window, new Date(`${window.from}Z`), new Date(`${window.to}Z`));

const closure = ({ timezone, leavers, reason }: MaintenanceWindow, begins: Date, ends: Date): Closure => ({
  from: whenClocksReach(begins, timezone, 'first'),
  until: whenClocksReach(ends, timezone, 'last'),
  leavers,
  reason,
});

/** How far ahead the end of what is in force now, and the next window, are looked for. */
const horizonMs = 32 * dayMs;

/** What is in force, or comes next: windows that touch each other are one. */
export interface Standstill {
  readonly from: Date;
  /** Undefined where no end is in sight. */
  readonly until: Date | undefined;
  /** As it is at `from`, or now where that is in force. */
  readonly leavers: 'go' | 'wait';
  readonly reason: string | undefined;
}

/** The time that is in force, and the one that comes next. */
export interface Maintenance {
  readonly current: Standstill | undefined;
  readonly next: Standstill | undefined;
}

/** What is in force at that moment, and what comes within the horizon. */
export function maintenanceAt(windows: readonly MaintenanceWindow[], now: Date): Maintenance {
  const end = new Date(now.getTime() + horizonMs);
  const closures = closuresBetween(windows, now, end);
  const inForce = closures.filter(({ from }) => from <= now);
  const toCome = closures.filter(({ from }) => from > now);
  const [first] = inForce;
  const current = first === undefined ? undefined : standstill(first, inForce, closures, end);
  const [next] = toCome.filter(({ from }) => current === undefined || from > (current.until ?? end));
  return { current, next: next && standstill(next, [next], toCome, end) };
}

function standstill(
  { from, reason }: Closure,
  atOnce: readonly Closure[],
  closures: readonly Closure[],
  end: Date,
): Standstill {
  const until = closures.reduce(
    (last, closure) => (closure.from <= last && closure.until > last ? closure.until : last),
    atOnce.reduce((last, closure) => (closure.until > last ? closure.until : last), from),
  );
  const leavers = atOnce.some((closure) => closure.leavers === 'wait') ? 'wait' : 'go';
  const reasons = [reason, ...atOnce.map((closure) => closure.reason)].filter((one) => one !== undefined);
  return { from, until: until >= end ? undefined : until, leavers, reason: reasons[0] };
}
