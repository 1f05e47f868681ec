import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type JsonValue,
  KeyList,
  NumberTable,
  PackedRows,
  PackedTexts,
  RowIndex,
  TextHash,
  TextSet,
} from '../../src/compact/index.ts';

/** Of any kind, long ones among them. */
const text = fc.string({ unit: 'grapheme', size: 'max', maxLength: 300 });

describe('packed rows', () => {
  // With halves of characters, which UTF-8 has no bytes for; around the length, and the sizes of numbers, from which they are kept otherwise.
  const value = fc.oneof(
    fc.jsonValue() as fc.Arbitrary<JsonValue>,
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\ud800',
      'ÿ',
      'Ā',
      '',
      -1,
      2_147_483_647,
      2_147_483_648,
      -2_147_483_648,
      -2_147_483_649,
      -0,
    ),
    fc
      .tuple(
        fc.constantFrom('a', '\x7f', 'é', 'ř', '€', '😀', '\udc00'),
        fc.constantFrom(15, 16, 17, 84, 85, 86, 300),
      )
      .map(([unit, times]) => unit.repeat(times)),
  );
  const fill = (packed: PackedRows, row: readonly JsonValue[]): number => {
    for (const one of row) packed.put(one);
    return packed.end();
  };

  test('come out as JSON has them, whatever is in them and however many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { maxLength: 12 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 2_500 }),
        (some, times) => {
          const packed = new PackedRows();
          const all = Array.from({ length: times }, (_, index) => some[index % some.length] ?? []);

          expect(all.map((row) => fill(packed, row))).toEqual([...all.keys()]);

          expect(packed.size).toBe(all.length);
          expect(all.map((_, number) => JSON.stringify(packed.at(number)))).toEqual(
            all.map((row) => JSON.stringify(row)),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('that were begun and dropped leave nothing behind, wherever that was', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), fc.nat({ max: 2_100 }), (dropped, before) => {
        const packed = new PackedRows();
        for (let number = 0; number < before; number += 1) fill(packed, [number]);
        for (const one of dropped) packed.put(one);
        packed.drop();

        expect(packed.size).toBe(before);
        expect(fill(packed, ['next'])).toBe(before);
        expect(packed.at(before)).toEqual(['next']);
        if (before > 0) expect(packed.at(before - 1)).toEqual([before - 1]);
      }),
      { numRuns: 50 },
    );
  });

  test('that were never ended are an error', () => {
    const packed = new PackedRows();
    packed.put('begun');

    expect(() => packed.at(0)).toThrow(RangeError);
    expect(() => packed.at(-1)).toThrow(RangeError);
    expect(() => packed.at(1_024)).toThrow(RangeError);
  });
});

describe('packed texts', () => {
  test('come out as they were put in, whatever they are and however many', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), fc.integer({ min: 1, max: 2_500 }), (some, times) => {
        const packed = new PackedTexts();
        const all = Array.from({ length: times }, (_, index) => some[index % some.length] ?? `text ${index}`);

        const numbers = all.map((one) => packed.add(one));

        expect(packed.size).toBe(all.length);
        expect(numbers).toEqual([...all.keys()]);
        expect(numbers.map((number) => packed.at(number))).toEqual(all);
      }),
      { numRuns: 20 },
    );
  });

  test('that were never put in are an error', () => {
    const packed = new PackedTexts();
    packed.add('one');

    expect(() => packed.at(1)).toThrow(RangeError);
    expect(() => packed.at(5_000)).toThrow(RangeError);
  });
});

describe('an index of rows', () => {
  // Keys that share their place, so that they meet; and rows without any.
  const keyOf = (key: number) => ({ low: key % 7, high: key });
  const hasKey = (key: number): boolean => key % 5 !== 1;
  const anyKeys = fc.array(fc.integer({ min: 0, max: 3_000 }), { size: 'max', maxLength: 3_000 });

  test('finds what a Map finds, in the order in which it was entered, and whenever it is asked', () => {
    fc.assert(
      fc.property(anyKeys, fc.integer({ min: 1, max: 1_000 }), (keys, askedEvery) => {
        const index = new RowIndex();
        for (const [row, key] of keys.entries()) {
          index.add(hasKey(key) ? keyOf(key) : undefined);
          if (row % askedEvery === 0)
            expect(index.first(keyOf(key))).toBe(hasKey(key) ? keys.indexOf(key) : -1);
        }

        const rows = Map.groupBy(keys.keys(), (row) => keys[row] ?? -1);
        for (const key of [...rows.keys(), 0, 3_001]) {
          const found = hasKey(key) ? (rows.get(key) ?? []) : [];
          expect(index.all(keyOf(key))).toEqual(found);
          expect(index.first(keyOf(key))).toBe(found[0] ?? -1);
        }
        const asked = new KeyList();
        const all = [...rows.keys(), 0, 3_001];
        for (const key of all) asked.add(keyOf(key));
        expect([...index.firsts(asked)]).toEqual(all.map((key) => index.first(keyOf(key))));
      }),
      { numRuns: 20 },
    );
  });

  test('tells which rows have the key of an earlier one, whenever it is asked', () => {
    fc.assert(
      fc.property(anyKeys, fc.integer({ min: 1, max: 1_000 }), (keys, askedEvery) => {
        const index = new RowIndex();
        const repeated: number[] = [];
        for (const [row, key] of keys.entries()) {
          index.add(hasKey(key) ? keyOf(key) : undefined);
          if (hasKey(key) && keys.indexOf(key) < row) repeated.push(row);
          if (row % askedEvery === 0) expect(index.repeated()).toEqual(repeated);
        }

        expect(index.repeated()).toEqual(repeated);
      }),
      { numRuns: 20 },
    );
  });
});

test('a set of texts has what a Set has, in the same order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(text, fc.constantFrom('a', 'b', '')), { maxLength: 50 }),
      text,
      (some, other) => {
        const own = new TextSet();
        const theirs = new Set<string>();
        for (const one of some) {
          expect(own.has(one)).toBe(theirs.has(one));
          expect(own.add(one)).toBe(!theirs.has(one));
          theirs.add(one);
        }

        expect(own.size).toBe(theirs.size);
        expect([...own]).toEqual([...theirs]);
        expect(own.has(other)).toBe(theirs.has(other));
      },
    ),
  );
});

test('a table of numbers holds what was set last, in each row and column', () => {
  const table = new NumberTable(3);
  for (let row = 0; row < 5_000; row += 1) {
    expect(table.add()).toBe(row);
    table.set(row, 1, row);
    table.set(row, 2, -2_147_483_648 + row);
  }

  expect(table.size).toBe(5_000);
  for (let row = 0; row < 5_000; row += 1)
    expect([0, 1, 2].map((column) => table.get(row, column))).toEqual([0, row, -2_147_483_648 + row]);
});

describe('the hash of a text', () => {
  const both = (one: string, seed = 0): string => {
    const { low, high } = new TextHash().of(one, seed);
    return `${low} ${high}`;
  };

  test('is another one for each of many names that are alike, in either half nearly so', () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `user.number.${index}@example.com`);
    const hash = new TextHash();
    const lows = new Set(names.map((name) => hash.of(name).low));
    const highs = new Set(names.map((name) => hash.of(name).high));

    expect(new Set(names.map((name) => both(name))).size).toBe(names.length);
    // By chance, one pair of 100,000 meets in 32 bits.
    expect(lows.size).toBeGreaterThan(names.length - 20);
    expect(highs.size).toBeGreaterThan(names.length - 20);
  });

  test('tells texts apart that differ in one place, or are put together otherwise', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        if (one !== other) expect(both(one)).not.toBe(both(other));
        expect(both(`${one}\0`)).not.toBe(both(one));
        expect(both(one, 1)).not.toBe(both(one, 2));
      }),
    );
  });
});
