import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs, type RetryPolicy } from '../../src/execute/backoff.ts';

const usual: RetryPolicy = { attempts: 8, backoffMs: 1_000, maxBackoffMs: 300_000 };

describe('the wait before the next try', () => {
  test.each([
    [0, 500, 1_000],
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [3, 2_000, 4_000],
    [9, 128_000, 256_000],
    [10, 150_000, 300_000],
    [1_000_000, 150_000, 300_000],
  ])('after %i tries is between %i and %i ms', (attempts, least, most) => {
    expect(backoffMs(attempts, usual, () => 0)).toBe(least);
    expect(backoffMs(attempts, usual, () => 1)).toBe(most);
  });

  const policy = fc
    .record({ backoffMs: fc.integer({ min: 0, max: 1e9 }), maxBackoffMs: fc.integer({ min: 0, max: 1e9 }) })
    .map((given) => ({ attempts: 8, ...given }));
  const attempts = fc.integer({ min: 0, max: 200 });
  const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('is a whole number, never below nothing, never above the maximum', () => {
    fc.assert(
      fc.property(attempts, policy, dice, (tries, given, random) => {
        const wait = backoffMs(tries, given, () => random);

        expect(Number.isSafeInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(given.maxBackoffMs);
      }),
    );
  });

  test('never shrinks from try to try, at the same throw of the dice', () => {
    fc.assert(
      fc.property(attempts, policy, dice, (tries, given, random) => {
        expect(backoffMs(tries + 1, given, () => random)).toBeGreaterThanOrEqual(
          backoffMs(tries, given, () => random),
        );
      }),
    );
  });

  test('differs between those that failed together', () => {
    const waits = Array.from({ length: 50 }, () => backoffMs(8, usual));

    expect(new Set(waits).size).toBeGreaterThan(10);
  });
});
