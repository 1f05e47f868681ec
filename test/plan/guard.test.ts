import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guard, isHeldBy } from '../../src/plan/guard.ts';

const deactivations = (count: number) =>
  Array.from({ length: count }, () => ({ kind: 'deactivate' }) as const);

const isHeld = (count: number, linkedActive: number, limit: { count: number; percent: number }): boolean =>
  guard(deactivations(count), linkedActive, { maxDeactivations: limit }).length > 0;

describe('deactivations are held', () => {
  test.each([
    // count, linked and active, limits, held
    [5, 10, { count: 5, percent: 5 }, false],
    [6, 10, { count: 5, percent: 5 }, true],
    [5, 100, { count: 5, percent: 5 }, false],
    [6, 100, { count: 5, percent: 5 }, true],
    [6, 119, { count: 5, percent: 5 }, true],
    [6, 120, { count: 5, percent: 5 }, false],
    [50, 1_000, { count: 5, percent: 5 }, false],
    [51, 1_000, { count: 5, percent: 5 }, true],
    [0, 0, { count: 0, percent: 0 }, false],
    [1, 0, { count: 0, percent: 100 }, true],
    [1, 0, { count: 1, percent: 0 }, false],
    [1, 1_000, { count: 0, percent: 0 }, true],
    [1_000, 1_000, { count: 0, percent: 100 }, false],
    [1, 1_000, { count: 0, percent: 0.1 }, false],
    [2, 1_000, { count: 0, percent: 0.1 }, true],
    [1, 999, { count: 0, percent: 0.1 }, true],
  ])('%i of %i, %o: %s', (count, linkedActive, limit, held) => {
    expect(isHeld(count, linkedActive, limit)).toBe(held);
  });

  // 10,000 x 0.57 % was taken for 56.99999999999999 people.
  test('at the exact share, whatever fractions of a percent are allowed', () => {
    const hundredths = fc.integer({ min: 0, max: 10_000 });
    const sizes = fc.constantFrom(7, 99, 100, 500, 1_000, 1_234, 10_000);
    fc.assert(
      fc.property(hundredths, sizes, (share, linkedActive) => {
        const allowed = Math.floor((linkedActive * share) / 10_000);
        const limit = { count: 0, percent: share / 100 };

        expect(isHeld(allowed, linkedActive, limit)).toBe(false);
        expect(isHeld(allowed + 1, linkedActive, limit)).toBe(true);
      }),
    );
    expect(isHeld(57, 10_000, { count: 0, percent: 0.57 })).toBe(false);
    expect(isHeld(58, 10_000, { count: 0, percent: 0.57 })).toBe(true);
  });

  test('all of them, and nothing else; the sentence says how many, of how many, and what was allowed', () => {
    const operations = [
      ...deactivations(7),
      { kind: 'create' },
      { kind: 'edit' },
      { kind: 'reactivate' },
    ] as const;
    const holds = guard(operations, 40, { maxDeactivations: { count: 5, percent: 5 } });

    expect(holds).toEqual([
      {
        guard: 'maxDeactivations',
        kind: 'deactivate',
        count: 7,
        sentence:
          '7 people would be deactivated (17.5 % of 40 linked, active people), more than the 5 that guards.maxDeactivations allows (the larger of 5 people and 5 %).',
      },
    ]);
    expect(isHeldBy(holds, 'deactivate')).toBe(holds[0]);
    for (const kind of ['create', 'invite', 'adopt', 'edit', 'reactivate'] as const)
      expect(isHeldBy(holds, kind)).toBeUndefined();
  });

  test('without a share where nobody is linked', () => {
    const [hold] = guard(deactivations(6), 0, { maxDeactivations: { count: 5, percent: 5 } });

    expect(hold?.sentence).toMatch(/^6 people would be deactivated, more than the 5 /);
  });
});

test('joins and updates are never held, however many', () => {
  const kinds = ['create', 'invite', 'adopt', 'edit', 'reactivate'] as const;
  const operations = Array.from({ length: 1_000 }, (_, index) => ({ kind: kinds[index % 5] ?? 'edit' }));

  expect(guard(operations, 0, { maxDeactivations: { count: 0, percent: 0 } })).toEqual([]);
});

test('a more generous limit holds nothing that a stricter one lets pass', () => {
  const size = fc.integer({ min: 0, max: 300 });
  const percent = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(
      size,
      size,
      size,
      percent,
      size,
      percent,
      (count, linked, people, share, morePeople, moreShare) => {
        const strict = { count: people, percent: share };
        const generous = { count: people + morePeople, percent: Math.min(100, share + moreShare) };

        if (!isHeld(count, linked, strict)) expect(isHeld(count, linked, generous)).toBe(false);
      },
    ),
  );
});
