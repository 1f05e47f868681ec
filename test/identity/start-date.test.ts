/** First days, as sources write them. */
import { describe, expect, test } from 'vitest';
import { readStartDay, startDateOf } from '../../src/identity/start-date.ts';

const vienna = { format: 'date', timezone: 'Europe/Vienna' } as const;
const read = (text: string) => readStartDay(text, vienna);

describe('a first day', () => {
  test.each([
    ['begins by the clocks of its place', '2026-04-01', vienna, '2026-03-31T22:00:00.000Z'],
    ['has winter in winter', '2026-01-01', vienna, '2025-12-31T23:00:00.000Z'],
    [
      'may have a time and zone of its own',
      '2026-04-01T09:00:00Z',
      { ...vienna, format: 'date-time' },
      '2026-04-01T09:00:00.000Z',
    ],
  ] as const)('%s', (_, text, rule, at) => {
    expect(readStartDay(text, rule)).toEqual({ kind: 'at', at: new Date(at) });
  });

  test.each([
    '2026-02-30',
    '1.4.2026',
    '2026-04-01T09:00:00Z',
  ])('is not %s, where a date is asked for', (text) => {
    expect(read(text)).toEqual({ kind: 'unreadable', expected: expect.stringContaining('2026-03-31') });
  });

  test('is none without a value, and not clear with two', () => {
    expect(startDateOf([], 'hireDate', read)).toBeUndefined();
    expect(startDateOf([' '], 'hireDate', read)).toBeUndefined();
    expect(startDateOf(['2026-04-01', ' 2026-04-01 '], 'hireDate', read)).toMatchObject({ kind: 'at' });
    expect(startDateOf(['2026-04-01', '2026-05-01'], 'hireDate', read)).toEqual({
      kind: 'unreadable',
      from: 'hireDate',
      expected: 'one value (it has 2)',
    });
  });
});
