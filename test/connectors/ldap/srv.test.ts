import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from '../../../connectors/ldap/server/srv.ts';

const record = fc.record({
  name: fc.domain(),
  port: fc.integer({ min: 1, max: 65_535 }),
  priority: fc.nat(3),
  weight: fc.nat(100),
});

test('the order of servers has each of them once, by priority', () => {
  fc.assert(
    fc.property(
      fc.array(record),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      (records, chance) => {
        const ordered = inOrder(records, () => chance.next().value);

        expect(new Set(ordered)).toEqual(new Set(records));
        expect(ordered).toHaveLength(records.length);
        expect(ordered.map(({ priority }) => priority)).toEqual(
          records.map(({ priority }) => priority).toSorted(),
        );
      },
    ),
  );
});

test('within a priority the first one is chosen by weight', () => {
  const [light, heavy] = [
    { name: 'light', port: 389, priority: 0, weight: 10 },
    { name: 'heavy', port: 389, priority: 0, weight: 90 },
  ];
  const firsts = Array.from(
    { length: 1_000 },
    (_, index) => inOrder([heavy, light], () => index / 1_000)[0]?.name,
  );

  const share = firsts.filter((name) => name === 'heavy').length / firsts.length;
  expect(share).toBeGreaterThan(0.85);
  expect(share).toBeLessThan(0.92);
});

test('who has no weight is chosen seldom beside those who have, and among its likes always', () => {
  const of = (name: string, weight: number) => ({ name, port: 389, priority: 0, weight });
  const first = (chance: number) => inOrder([of('full', 100), of('none', 0)], () => chance)[0]?.name;

  expect(first(0)).toBe('none');
  expect(first(0.5)).toBe('full');
  expect(inOrder([of('a', 0), of('b', 0)], () => 0.9).map(({ name }) => name)).toEqual(['a', 'b']);
});
