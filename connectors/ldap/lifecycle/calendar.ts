/** Days of a place: when one ends there, by its clocks. */

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

/**
 * When the clocks of a place show a time, which `wall` holds as if it were UTC's. One that they show twice, when they are
 * put back, is the first; one that they skip is counted on from before they were put forward.
 */
export function whenClocksShow(wall: Date, timeZone: string): Date {
  const wanted = wall.getTime();
  const offsetAt = (at: number): number => wallClock(at, timeZone) - Math.floor(at / 1_000) * 1_000;
  // Offsets change at most once within a day or so, so one of the two around it holds.
  const candidates = [offsetAt(wanted - dayMs), offsetAt(wanted + dayMs)].map((offset) => wanted - offset);
  const [early = wanted, late = wanted] = candidates.sort((one, other) => one - other);
  return new Date(wallClock(early, timeZone) >= Math.floor(wanted / 1_000) * 1_000 ? early : late);
}
