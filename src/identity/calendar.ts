/** Days and times of a place, by its clocks. */

const dayMs = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the calendar and clock on the wall say, as if they were UTC's. */
function wallClock(at: number, timeZone: string): number {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-u-ca-iso8601', {
      timeZone,
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, clock);
  }
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const wall = new Date(0);
  wall.setUTCFullYear(number('year'), number('month') - 1, number('day'));
  wall.setUTCHours(number('hour'), number('minute'), number('second'));
  return wall.getTime();
}

/** The two times at which the clocks may show what `wall` holds as if it were UTC's, the earlier one first: most often one. */
function candidatesFor(wall: Date, timeZone: string): readonly [Date, Date] {
  const wanted = wall.getTime();
  const offsetAt = (at: number): number => wallClock(at, timeZone) - Math.floor(at / 1_000) * 1_000;
  // Offsets change at most once within a day or so, so one of the two around it holds.
  const [one, other] = [wanted - offsetAt(wanted - dayMs), wanted - offsetAt(wanted + dayMs)];
  return [new Date(Math.min(one, other)), new Date(Math.max(one, other))];
}

/**
 * When the clocks of a place show a time, which `wall` holds as if it were UTC's. One that they show twice, when they are
 * put back, is the first; one that they skip is counted on from before they were put forward.
 */
export function whenClocksShow(wall: Date, timeZone: string): Date {
  const [early, late] = candidatesFor(wall, timeZone);
  const wantedSecond = Math.floor(wall.getTime() / 1_000) * 1_000;
  return wallClock(early.getTime(), timeZone) >= wantedSecond ? early : late;
}

/**
 * When the clocks of a place come to a time, to the second: the first or the last time, where they show it twice. One that
 * they skip is the moment at which they are put forward over it.
 */
export function whenClocksReach(wall: Date, timeZone: string, which: 'first' | 'last'): Date {
  const wanted = Math.floor(wall.getTime() / 1_000) * 1_000;
  const [early, late] = candidatesFor(new Date(wanted), timeZone);
  const shown = [early, late].filter((at) => wallClock(at.getTime(), timeZone) === wanted);
  const found = which === 'first' ? shown.at(0) : shown.at(-1);
  if (found !== undefined) return found;
  let [before, after] = [early.getTime(), late.getTime()];
  while (after - before > 1_000) {
    const middle = Math.floor((before + after) / 2_000) * 1_000;
    if (wallClock(middle, timeZone) >= wanted) after = middle;
    else before = middle;
  }
  return new Date(after);
}

/** The day of the calendar in a place, as midnight UTC. */
export function dayIn(at: Date, timeZone: string): Date {
  return new Date(Math.floor(wallClock(at.getTime(), timeZone) / dayMs) * dayMs);
}

const plainDate = /^(\d{4})-(\d{2})-(\d{2})$/;
const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** Midnight UTC of a day of the calendar; undefined for the 31st of June. */
export function dayStart(year: number, month: number, day: number): Date | undefined {
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for those after 1900.
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : undefined;
}

/** When a day such as 2026-03-31 begins in a place; undefined where the text is no day. */
export function startOfDay(text: string, timeZone: string): Date | undefined {
  const [, year, month, day] = plainDate.exec(text) ?? [];
  const start = dayStart(Number(year), Number(month), Number(day));
  return start && whenClocksShow(start, timeZone);
}

/** When a day such as 2026-03-31 ends in a place; undefined where the text is no day. */
export function endOfDay(text: string, timeZone: string): Date | undefined {
  const [, year, month, day] = plainDate.exec(text) ?? [];
  const start = dayStart(Number(year), Number(month), Number(day));
  return start && whenClocksShow(new Date(start.getTime() + dayMs), timeZone);
}

/** A date and time in the form of ISO 8601; by the clocks of a place where it names no zone. Undefined where it is none. */
export function parseDateTime(text: string, timeZone: string): Date | undefined {
  const [, year, month, day, hour = '', minute = '', second = '0', fraction = '', zone] =
    dateTime.exec(text) ?? [];
  const date = dayStart(Number(year), Number(month), Number(day));
  if (date === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  date.setUTCHours(Number(hour), Number(minute), Number(second), ms);
  if (zone === undefined) return whenClocksShow(date, timeZone);
  if (zone.toUpperCase() === 'Z') return date;
  const [offsetHours, offsetMinutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000;
  return new Date(date.getTime() + (zone.startsWith('-') ? offsetMs : -offsetMs));
}
