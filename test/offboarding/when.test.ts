/** Times at which people leave, as people write them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeOf } from '../../src/offboarding/when.ts';

const now = new Date('2026-03-02T12:00:00Z');
const at = (text: string, zone = 'Europe/Vienna'): string | undefined =>
  timeOf({ kind: 'text', text }, zone, now)?.toISOString();

test.each([
  ['2026-03-31', '2026-03-31T22:00:00.000Z'],
  ['2026-12-31', '2026-12-31T23:00:00.000Z'],
  ['2026-03-31T17:00', '2026-03-31T15:00:00.000Z'],
  ['2026-03-31 17:00:30', '2026-03-31T15:00:30.000Z'],
  ['2026-03-31T17:00Z', '2026-03-31T17:00:00.000Z'],
  ['2026-03-31T17:00-05:00', '2026-03-31T22:00:00.000Z'],
  // The clocks show it twice, and not at all.
  ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
  ['2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
])('%s in Vienna is %s', (text, expected) => {
  expect(at(text)).toBe(expected);
});

test('a zone that the word names comes before that of the place', () => {
  const when = { kind: 'text', text: '2026-03-31', timezone: 'Asia/Tokyo' } as const;

  expect(timeOf(when, 'Europe/Vienna', now)?.toISOString()).toBe('2026-03-31T15:00:00.000Z');
});

test.each([
  '',
  'tomorrow',
  '31.03.2026',
  '2026-02-30',
  '2026-03-31T25:00',
  '2026-03',
  '1774915200',
  '2026-03-31T17:00+25:00',
])('%j is no time', (text) => {
  expect(at(text)).toBeUndefined();
});

test('whatever the day and the place, a day ends when the next one begins there, and not before it began', () => {
  const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
  const zone = fc.constantFrom(
    'UTC',
    'Europe/Vienna',
    'America/New_York',
    'Asia/Kolkata',
    'Pacific/Auckland',
    'America/St_Johns',
  );
  fc.assert(
    fc.property(day, zone, (date, place) => {
      const text = date.toISOString().slice(0, 10);
      const next = new Date(Date.parse(text) + 86_400_000).toISOString().slice(0, 10);

      const end = at(text, place);

      const startOfNext = at(`${next}T00:00`, place);
      expect(end).toBe(startOfNext);
    }),
  );
});
