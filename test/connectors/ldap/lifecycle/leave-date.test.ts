import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFileTime } from '../../../../connectors/ldap/lifecycle/filetime.ts';
import { type LeaveDateRule, readLeaveDate } from '../../../../connectors/ldap/lifecycle/leave-date.ts';

const rule = (format: LeaveDateRule['format'], timezone = 'UTC'): LeaveDateRule => ({
  attribute: 'employeeEndDate',
  format,
  timezone,
});

const read = (text: string, format: LeaveDateRule['format'], timezone?: string): string => {
  const date = readLeaveDate(text, rule(format, timezone));
  return date.kind === 'at' ? date.at.toISOString() : date.kind;
};

describe('a plain date', () => {
  test.each([
    ['UTC', '2026-04-01T00:00:00.000Z'],
    ['Europe/Vienna', '2026-03-31T22:00:00.000Z'],
    ['America/New_York', '2026-04-01T04:00:00.000Z'],
    ['Asia/Kathmandu', '2026-03-31T18:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-03-31T10:00:00.000Z'],
  ])('ends with that day in %s', (timezone, expected) => {
    expect(read('2026-03-31', 'date', timezone)).toBe(expected);
  });

  test.each([
    ['the clocks are put forward that day', '2026-03-29', 'Europe/Vienna', '2026-03-29T22:00:00.000Z'],
    ['the next day has no midnight', '2018-11-03', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['midnight comes twice', '2018-02-17', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'],
    ['the next day is left out of the calendar', '2011-12-29', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('ends when it should where %s', (_, day, timezone, expected) => {
    expect(read(day, 'date', timezone)).toBe(expected);
  });

  test('ends at the first moment of which the place says that it is another day', () => {
    const zones = ['Europe/Vienna', 'America/Sao_Paulo', 'Africa/Cairo', 'Asia/Kathmandu', 'Pacific/Apia'];
    const day = fc.date({ min: new Date('1971-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.constantFrom(...zones), (given, timezone) => {
        const text = given.toISOString().slice(0, 10);
        const date = readLeaveDate(text, rule('date', timezone));
        const there = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short' });

        if (date.kind !== 'at') throw new Error(date.kind);
        expect(there.format(date.at) > text).toBe(true);
        expect(there.format(date.at.getTime() - 1) <= text).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    '2026-02-30',
    '31.03.2026',
    '2026-3-1',
    '20260331',
    'never',
    '',
    '2026-03-31T10:00:00Z',
  ])('%j is none', (text) => {
    expect(read(text, 'date')).toBe('unreadable');
  });
});

describe('other forms', () => {
  test.each([
    ['2026-03-31T18:00:00+02:00', 'UTC', '2026-03-31T16:00:00.000Z'],
    ['2026-03-31T18:00Z', 'Europe/Vienna', '2026-03-31T18:00:00.000Z'],
    ['2026-03-31 18:00:00.5', 'Europe/Vienna', '2026-03-31T16:00:00.500Z'],
    ['2026-01-31T18:00:00', 'Europe/Vienna', '2026-01-31T17:00:00.000Z'],
    ['2026-10-25T02:30:00', 'Europe/Vienna', '2026-10-25T00:30:00.000Z'],
    ['2026-03-31T24:00:00Z', 'UTC', 'unreadable'],
    ['2026-03-31T18:00:00+99:00', 'UTC', 'unreadable'],
    ['2026-03-31', 'UTC', 'unreadable'],
  ])('date and time: %s in %s is %s', (text, timezone, expected) => {
    expect(read(text, 'date-time', timezone)).toBe(expected);
  });

  test.each([
    ['1', '1970-01-02T00:00:00.000Z'],
    ['20543', '2026-03-31T00:00:00.000Z'],
    ['-1', 'never'],
    ['0', 'unreadable'],
    ['-2', 'unreadable'],
    ['999999999', 'unreadable'],
    ['soon', 'unreadable'],
  ])('days: %s is %s', (text, expected) => {
    expect(read(text, 'days')).toBe(expected);
  });

  test.each([
    ['generalized-time', '20260331160000Z', '2026-03-31T16:00:00.000Z'],
    ['generalized-time', '20260331160000', 'unreadable'],
    ['filetime', '134194464000000000', '2026-03-31T16:00:00.000Z'],
    ['filetime', '0', 'never'],
    ['filetime', 'x', 'unreadable'],
  ] as const)('%s: %s is %s', (format, text, expected) => {
    expect(read(text, format)).toBe(expected);
  });
});

describe('a FILETIME', () => {
  test.each(['0', '9223372036854775807'])('of %s is never', (text) => {
    expect(parseFileTime(text)).toEqual({ kind: 'never' });
  });

  test.each([
    ['1', '1601-01-01T00:00:00.000Z'],
    ['116444736000000000', '1970-01-01T00:00:00.000Z'],
    ['134194464009999999', '2026-03-31T16:00:00.999Z'],
    ['9223372036854775806', '+030828-09-14T02:48:05.477Z'],
  ])('of %s is %s', (text, expected) => {
    const read = parseFileTime(text);

    expect(read.kind === 'at' && read.at.toISOString()).toBe(expected);
  });

  test.each([
    '',
    '-1',
    '1.5',
    '0x10',
    '9223372036854775808',
    '99999999999999999999',
    'never',
  ])('is not %j', (text) => {
    expect(parseFileTime(text)).toEqual({ kind: 'unreadable' });
  });

  test('is read to the millisecond that it falls into, at any size', () => {
    const ticks = fc.bigInt({ min: 1n, max: 0x7fff_ffff_ffff_fffen });
    fc.assert(
      fc.property(ticks, (given) => {
        const read = parseFileTime(String(given));

        if (read.kind !== 'at') throw new Error(read.kind);
        const ms = BigInt(read.at.getTime()) + 11_644_473_600_000n;
        expect(ms * 10_000n <= given && given < (ms + 1n) * 10_000n).toBe(true);
      }),
    );
  });
});
