import { describe, expect, it } from 'vitest';
import { durationInWords, relativeTime, timeInWords } from '../../../src/words/time.ts';
import { now } from './rows.ts';

const second = 1_000;
const hour = 3_600_000;
const before = (ms: number): Date => new Date(now.getTime() - ms);

describe('a point in time', () => {
  it.each([
    [0, 'just now'],
    [second, '1 second ago'],
    [59 * second, '59 seconds ago'],
    [180 * second, '3 minutes ago'],
    [hour, '1 hour ago'],
    [47 * hour, '1 day ago'],
    [-5 * 60 * second, 'in 5 minutes'],
    [-48 * hour, 'in 2 days'],
  ])('%i ms before now is %s', (ms, words) => {
    expect(relativeTime(before(ms), now)).toBe(words);
  });

  it('is told with the absolute time, in UTC', () => {
    expect(timeInWords(before(180 * second), now)).toBe('3 minutes ago (2026-03-01 11:57:00Z)');
  });
});

describe('a duration', () => {
  it.each([
    [200, '< 1 s'],
    [42 * second, '42 s'],
    [59_700, '1 min'],
    [200 * second, '3 min 20 s'],
    [2 * hour + 300 * second, '2 h 5 min'],
    [76 * hour, '3 d 4 h'],
  ])('of %i ms is %s', (ms, words) => {
    expect(durationInWords(ms)).toBe(words);
  });
});
