import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { censusTaker } from '../../../src/plan/trust/census.ts';
import { shrinkage } from '../../../src/plan/trust/shrinkage.ts';
import type { Census } from '../../../src/store/people/census.ts';
import { anchor } from '../../builders/people.ts';
import { noon } from '../../builders/run.ts';

const usual = { count: 5, percent: 10, accepted: 0 };

/** A census of numbered people in containers, written as `{ 'ou=Vienna,ou=AT': [0, 100] }` for the numbers 0 to 99. */
function census(containers: Readonly<Record<string, readonly [number, number]>>): Census {
  const taker = censusTaker();
  for (const [name, [from, to]] of Object.entries(containers)) {
    const names = name.split(',');
    const branches = names.map((_, index) => names.slice(index).join(','));
    for (let id = from; id < to; id += 1) taker.see({ anchor: anchor(`person-${id}`), branches });
  }
  return taker.close();
}

const between = (before: Census, now: Census, limits = usual) => shrinkage(before, noon, now, limits);

describe('a whole reading', () => {
  test('in which a branch is empty is told, with its numbers and the way out', () => {
    const before = census({ 'ou=Vienna': [0, 1_200], 'ou=Graz': [1_200, 14_000] });
    const now = census({ 'ou=Graz': [1_200, 14_000] });

    const reason = between(before, now);

    expect(reason).toContain('ou=Vienna had 1200 people and has 0 now (1200 gone, 120 allowed)');
    expect(reason).toContain('2026-03-02T12:00:00.000Z');
    expect(reason).toContain('`rollcall resync --raise maxShrink=1200 --reason TEXT`');
  });

  test('that lost people all over the place is told of the whole source', () => {
    const offices = Array.from({ length: 30 }, (_, index) => [index * 40, index * 40 + 40] as const);
    const before = census(Object.fromEntries(offices.map((range, index) => [`ou=${index}`, range])));
    const now = census(
      Object.fromEntries(offices.map(([from, to], index) => [`ou=${index}`, [from + 5, to] as const])),
    );

    expect(between(before, now)).toContain(
      'the source had 1200 people and has 1050 now (150 gone, 120 allowed)',
    );
  });

  test('that lost the inner branches is told of each, the worst first, and not again of what is around them', () => {
    const before = census({ 'ou=A,ou=AT': [0, 50], 'ou=B,ou=AT': [50, 150], 'ou=DE': [150, 400] });
    const now = census({ 'ou=DE': [150, 400] });

    expect(between(before, now)).toContain(
      'gone: ou=B,ou=AT had 100 people and has 0 now (100 gone, 10 allowed); ou=A,ou=AT had 50 people and has 0 now (50 gone, 5 allowed). 2 more parts',
    );
  });

  test('is told of three branches at most, and of how many others', () => {
    const branches = (count: number): Record<string, readonly [number, number]> =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`ou=${index}`, [index * 20, index * 20 + 20]]),
      );
    const rest = { 'ou=rest': [1_000, 9_000] } as const;
    const toldOf = (count: number) => between(census({ ...branches(count), ...rest }), census(rest));

    expect(toldOf(3)?.match(/had 20 people/g)).toHaveLength(3);
    expect(toldOf(3)).toContain('5 allowed). guards.maxShrink allows');
    expect(toldOf(4)?.match(/had 20 people/g)).toHaveLength(3);
    expect(toldOf(4)).toContain(' 1 more part of the source shrank too. guards.maxShrink');
    expect(toldOf(5)).toContain(' 2 more parts of the source shrank too. guards.maxShrink');
  });

  test('names the number that lets all of it pass, and what was accepted already', () => {
    const before = census({ 'ou=A': [0, 50], 'ou=B': [50, 150], 'ou=C': [150, 9_000] });
    const now = census({ 'ou=C': [150, 9_000] });
    const of = (accepted: number) => between(before, now, { ...usual, accepted });

    expect(of(0)).toContain('maxShrink=100 ');
    expect(of(0)).toContain('the larger of 5 people and 10 %. Check');
    expect(of(60)).toContain('the larger of 5 people and 10 %, and this run 60 people. Check');
    expect(of(100)).toBeUndefined();
  });

  test('in which a branch was renamed, or people moved, has not shrunk', () => {
    const before = census({ 'ou=Vienna,ou=AT': [0, 500], 'ou=Graz,ou=AT': [500, 700] });
    const now = census({ 'ou=Wien,ou=AT': [0, 500], 'ou=East': [500, 700] });

    expect(between(before, now)).toBeUndefined();
  });

  test('is not saved by as many newcomers: those gone are counted, not the sum', () => {
    const before = census({ 'ou=Vienna': [0, 500] });
    const now = census({ 'ou=Vienna': [500, 1_000] });

    expect(between(before, now)).toContain('ou=Vienna had 500 people and has 500 now (500 gone');
  });

  test('of a small source may lose a few', () => {
    expect(between(census({ 'ou=A': [0, 8] }), census({ 'ou=A': [5, 8] }))).toBeUndefined();
    expect(between(census({ 'ou=A': [0, 8] }), census({ 'ou=A': [6, 8] }))).toContain('6 gone, 5 allowed');
  });

  test('may lose what a person accepted, and not one more', () => {
    const before = census({ 'ou=A': [0, 100] });

    expect(between(before, census({ 'ou=A': [60, 100] }), { ...usual, accepted: 60 })).toBeUndefined();
    expect(between(before, census({ 'ou=A': [61, 100] }), { ...usual, accepted: 60 })).toContain(
      'and this run 60 people',
    );
  });

  test('with a bad record of somebody has not lost them', () => {
    const taker = censusTaker();
    for (let id = 0; id < 20; id += 1) taker.seeSkipped(anchor(`person-${id}`));

    expect(between(census({ 'ou=A': [0, 20] }), taker.close())).toBeUndefined();
  });

  test('that shows everybody of before has never shrunk, wherever they are', () => {
    const people = fc.uniqueArray(fc.uuid(), { maxLength: 60 });
    const place = fc.constantFrom('ou=A', 'ou=B', 'ou=C,ou=A');
    const counted = (ids: readonly string[], places: readonly string[]): Census => {
      const taker = censusTaker();
      for (const [index, id] of ids.entries())
        taker.see({ anchor: anchor(id), branches: [places[index % places.length] ?? ''] });
      return taker.close();
    };
    fc.assert(
      fc.property(
        people,
        people,
        fc.array(place, { minLength: 1 }),
        fc.array(place, { minLength: 1 }),
        (ids, more, before, now) => {
          const strict = { count: 0, percent: 0, accepted: 0 };
          expect(between(counted(ids, before), counted([...more, ...ids], now), strict)).toBeUndefined();
        },
      ),
    );
  });
});
