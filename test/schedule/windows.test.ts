/** Maintenance windows: in force whenever the clocks of their place show a time in them, also where clocks are changed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maintenance } from '../../config/sections/maintenance.ts';
import {
  closedAround,
  closuresBetween,
  type MaintenanceWindow,
  maintenanceAt,
} from '../../src/schedule/index.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const windows = (...written: readonly object[]): readonly MaintenanceWindow[] => maintenance.parse(written);
const within = (all: readonly MaintenanceWindow[], from: string, to: string) =>
  closuresBetween(all, new Date(from), new Date(to)).map(
    (closure) => `${closure.from.toISOString().slice(0, 16)} ${closure.until.toISOString().slice(0, 16)}`,
  );

const nightly = { from: '22:00', to: '06:00', timezone: 'Europe/Vienna' };

test('a window over midnight belongs to the day on which it begins', () => {
  const weekend = windows({ ...nightly, days: ['fri', 'sat'] });

  // The 5th of June 2026 is a Friday.
  expect(within(weekend, '2026-06-01T00:00Z', '2026-06-08T00:00Z')).toEqual([
    '2026-06-05T20:00 2026-06-06T04:00',
    '2026-06-06T20:00 2026-06-07T04:00',
  ]);
});

test('a day may be a window from its first minute to its last', () => {
  const sunday = windows({ days: ['sun'], from: '00:00', to: '24:00', timezone: 'Europe/Vienna' });

  expect(within(sunday, '2026-03-23T00:00Z', '2026-03-30T12:00Z')).toEqual([
    '2026-03-28T23:00 2026-03-29T22:00',
  ]);
});

test('a window may be there once, such as over the holidays', () => {
  const holidays = windows({ from: '2026-12-24T12:00', to: '2027-01-02T06:00', timezone: 'Europe/Vienna' });

  expect(within(holidays, '2026-01-01T00:00Z', '2028-01-01T00:00Z')).toEqual([
    '2026-12-24T11:00 2027-01-02T05:00',
  ]);
});

describe('on the days when clocks are changed (Vienna)', () => {
  const ofNight = (from: string, to: string, date: string) =>
    within(windows({ from, to, timezone: 'Europe/Vienna' }), `${date}T00:00Z`, `${date}T03:00Z`);

  test.each([
    ['over the hour that is skipped', '01:30', '03:30', '2026-03-29T00:30 2026-03-29T01:30'],
    ['that begins in it', '02:30', '04:00', '2026-03-29T01:00 2026-03-29T02:00'],
    ['that ends in it', '01:00', '02:30', '2026-03-29T00:00 2026-03-29T01:00'],
  ])('in spring, a window %s is there by what clocks show', (_where, from, to, expected) => {
    expect(ofNight(from, to, '2026-03-29')).toEqual([expected]);
  });

  test('in spring, a window that lies in the skipped hour is not there', () => {
    expect(ofNight('02:10', '02:50', '2026-03-29')).toEqual([]);
  });

  test.each([
    ['over the hour that comes twice', '01:30', '03:30', '2026-10-24T23:30 2026-10-25T02:30'],
    ['that begins in it', '02:30', '04:00', '2026-10-25T00:30 2026-10-25T03:00'],
    ['that ends in it', '01:00', '02:30', '2026-10-24T23:00 2026-10-25T01:30'],
    ['that lies in it', '02:10', '02:50', '2026-10-25T00:10 2026-10-25T01:50'],
  ])('in autumn, a window %s lasts until clocks show its end for the last time', (_where, from, to, expected) => {
    expect(ofNight(from, to, '2026-10-25')).toEqual([expected]);
  });
});

const two = (number: number): string => String(number).padStart(2, '0');
const clock = fc
  .integer({ min: 0, max: 24 * 60 - 1 })
  .map((at) => `${two(Math.floor(at / 60))}:${two(at % 60)}`);
const zones = [
  'UTC',
  'Europe/Vienna',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
];
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const recurring = fc
  .record({
    days: fc.subarray([...weekdays], { minLength: 1 }),
    from: clock,
    to: fc.oneof({ weight: 9, arbitrary: clock }, fc.constant('24:00')),
    timezone: fc.constantFrom(...zones),
    leavers: fc.constantFrom('go', 'wait'),
  })
  .filter(({ from, to }) => from !== to);
const times = fc
  .constantFrom(
    '2026-03-08T06:00Z',
    '2026-03-29T00:00Z',
    '2026-04-04T14:00Z',
    '2026-10-25T00:00Z',
    '2026-11-01T05:00Z',
  )
  .chain((change) =>
    fc.oneof(
      fc
        .integer({ min: -180, max: 180 })
        .map((minutes) => new Date(new Date(change).getTime() + minutes * minute)),
      fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
    ),
  );

/** What a clock on the wall and a calendar beside it say, asked in another way than the program does. */
function onTheWall(at: Date, timeZone: string): { readonly weekday: number; readonly time: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const today = parts.get('weekday')?.toLowerCase();
  const weekday = weekdays.findIndex((name) => today?.startsWith(name) === true);
  return { weekday, time: `${parts.get('hour')}:${parts.get('minute')}` };
}

test('whenever the clocks show a time within the window, it is in force', () => {
  fc.assert(
    fc.property(recurring, times, (written, at) => {
      const { weekday, time } = onTheWall(at, written.timezone);
      const begunToday = written.days.includes(weekdays[weekday] ?? 'mon') && time >= written.from;
      const begunYesterday = written.days.includes(weekdays[(weekday + 6) % 7] ?? 'mon');
      const isOver = written.to <= written.from;
      const isInside = isOver
        ? begunToday || (begunYesterday && time < written.to)
        : begunToday && time < written.to;

      const closed = closedAround(windows(written), at).filter(({ from, until }) => from <= at && at < until);

      if (isInside) expect(closed).not.toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test('a window is as long as it says, but for what clocks are changed by', () => {
  fc.assert(
    fc.property(recurring, times, (written, at) => {
      const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
      const said = minutes(written.to) - minutes(written.from);
      const expected = (said <= 0 ? said + 24 * 60 : said) * minute;

      for (const { from, until } of closuresBetween(windows(written), at, new Date(at.getTime() + 8 * day)))
        expect(Math.abs(until.getTime() - from.getTime() - expected)).toBeLessThanOrEqual(hour);
    }),
    { numRuns: 500 },
  );
});

test('what is told of now is what operations go by', () => {
  fc.assert(
    fc.property(fc.array(recurring, { minLength: 1, maxLength: 4, size: 'max' }), times, (written, at) => {
      const all = windows(...written);
      const closed = closedAround(all, at).filter(({ from, until }) => from <= at && at < until);
      const { current, next } = maintenanceAt(all, at);

      expect(current !== undefined).toBe(closed.length > 0);
      if (current !== undefined)
        expect(current.leavers).toBe(closed.some(({ leavers }) => leavers === 'wait') ? 'wait' : 'go');
      if (current?.until !== undefined) {
        expect(maintenanceAt(all, current.until).current).toBeUndefined();
        expect(maintenanceAt(all, new Date(current.until.getTime() - 1)).current).toBeDefined();
      }
      if (next !== undefined) {
        expect(next.from > at).toBe(true);
        expect(maintenanceAt(all, next.from).current).toBeDefined();
        expect(maintenanceAt(all, new Date(next.from.getTime() - 1)).current).toBeUndefined();
      }
    }),
    { numRuns: 500 },
  );
});

test('windows that follow each other without a gap are told as one, and one without an end as such', () => {
  const evening = { from: '18:00', to: '22:00', reason: 'Payroll' };
  const night = { from: '22:00', to: '02:00', leavers: 'wait' };
  const now = new Date('2026-06-10T19:00Z');

  expect(maintenanceAt(windows(evening, night), now)).toEqual({
    current: {
      from: new Date('2026-06-10T18:00Z'),
      until: new Date('2026-06-11T02:00Z'),
      leavers: 'go',
      reason: 'Payroll',
    },
    next: {
      from: new Date('2026-06-11T18:00Z'),
      until: new Date('2026-06-12T02:00Z'),
      leavers: 'go',
      reason: 'Payroll',
    },
  });
  expect(maintenanceAt(windows({ from: '00:00', to: '24:00' }), now)).toMatchObject({
    current: { until: undefined },
    next: undefined,
  });
});
