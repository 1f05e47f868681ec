/** When sources are read: each time once, put off by the same delay everywhere, and made up once where it was missed. */
import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueTick, nextTick, punctualityOf, type TickRule } from '../../src/schedule/index.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const rule = (pattern: string, more: Partial<TickRule> = {}): TickRule => ({
  pattern,
  timezone: 'Europe/Vienna',
  jitter: 0,
  makeUp: day,
  ...more,
});

const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

/** Looks every so often, as a scheduler does, and takes what is due. */
function taken(
  one: TickRule,
  from: string,
  to: string,
  { everyMs = minute, seed = 'a' }: { readonly everyMs?: number; readonly seed?: string } = {},
): readonly string[] {
  const found: string[] = [];
  let until = new Date(from);
  for (let now = new Date(from); now < new Date(to); now = later(now, everyMs)) {
    const tick = dueTick(one, seed, until, now);
    if (tick === undefined) continue;
    until = tick.at;
    found.push(tick.at.toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

describe('on the days when clocks are changed (Vienna)', () => {
  test('a run at 2:30 is made once on the day that has no 2:30, as soon as the hour is skipped', () => {
    expect(taken(rule('30 2 * * *'), '2026-03-28T12:00Z', '2026-03-30T12:00Z')).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ]);
  });

  test('a run at 2:30 is made once on the day that has two of them', () => {
    expect(taken(rule('30 2 * * *'), '2026-10-24T12:00Z', '2026-10-26T12:00Z')).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
  });

  test.each([
    ['spring', '2026-03-28T22:00Z', '2026-03-29T06:00Z'],
    ['autumn', '2026-10-24T22:00Z', '2026-10-25T06:00Z'],
  ])('what is read every ten minutes is read so all night, in %s', (_season, from, to) => {
    expect(taken(rule('*/10 * * * *'), from, to)).toHaveLength(8 * 6 - 1);
  });
});

test('however many runs were missed, one stands for all of them', () => {
  const now = new Date('2026-06-10T08:00Z');

  const tick = dueTick(rule('*/5 * * * *'), 'a', new Date('2026-06-03T08:00Z'), now);

  expect(tick?.at).toEqual(now);
  expect(tick && dueTick(rule('*/5 * * * *'), 'a', tick.at, now)).toBeUndefined();
});

test.each([
  ['1 s late', second, day, 'punctual'],
  ['a minute late', minute, day, 'punctual'],
  ['five hours late', 5 * hour, day, 'made-up'],
  ['a day late', day, day, 'made-up'],
  ['more than a day late', day + 1, day, 'forgone'],
  ['five hours late, where only one is made up', 5 * hour, hour, 'forgone'],
  ['two minutes late, where none is made up', 2 * minute, 0, 'forgone'],
  ['a second late, where none is made up', second, 0, 'punctual'],
])('a run that is %s is treated as it should be', (_how, lateMs, makeUp, expected) => {
  const at = new Date('2026-06-10T01:00Z');

  expect(punctualityOf(rule('0 3 * * *', { makeUp }), { at, firesAt: at }, later(at, lateMs))).toBe(expected);
});

const patterns = fc.constantFrom(
  '* * * * *',
  '*/5 * * * *',
  '*/7 1-4 * * *',
  '0 3 * * *',
  '30 2 * * *',
  '15 */2 * * mon-fri',
  '0 0 1 * *',
  '* * * * * *',
  '59 23 31 12 *',
);
const zones = fc.constantFrom(
  'UTC',
  'Europe/Vienna',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
);
const times = fc
  .date({ min: new Date('2025-01-01'), max: new Date('2028-01-01'), noInvalidDate: true })
  // Often enough on the days when clocks are changed.
  .chain((at) => fc.constantFrom(at, new Date('2026-03-29T00:50Z'), new Date('2026-10-25T00:50Z')));
const delays = fc.constantFrom(0, 30 * second, 5 * minute, 3 * hour, 40 * day);
const rules = fc
  .tuple(patterns, zones, delays)
  .map(([pattern, timezone, jitter]) => rule(pattern, { timezone, jitter }));

describe('whatever the pattern, the zone and the delay', () => {
  test('each time is delayed by less than jitter says, and not as far as the next time', () => {
    fc.assert(
      fc.property(rules, fc.string({ size: 'max', maxLength: 40 }), times, (one, seed, now) => {
        const tick = nextTick(one, seed, now, now);

        if (tick === undefined) return;
        const delay = tick.firesAt.getTime() - tick.at.getTime();
        const next = new Cron(one.pattern, { timezone: one.timezone }).nextRun(tick.at);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(one.jitter === 0 ? 1 : one.jitter);
        if (next !== null) expect(tick.firesAt.getTime()).toBeLessThan(next.getTime());
      }),
    );
  });

  test('what status tells of the next run is when it becomes due, and nothing is due before', () => {
    fc.assert(
      fc.property(rules, times, fc.nat(2 * day), (one, takenUntil, waited) => {
        const now = later(takenUntil, waited);
        const due = dueTick(one, 'seed', takenUntil, now);
        const next = nextTick(one, 'seed', takenUntil, now);

        if (next === undefined) return;
        if (due !== undefined) expect(next).toEqual(due);
        else {
          expect(next.firesAt > now).toBe(true);
          expect(dueTick(one, 'seed', takenUntil, later(next.firesAt, -1))).toBeUndefined();
          expect(dueTick(one, 'seed', takenUntil, next.firesAt)).toEqual(next);
        }
      }),
    );
  });

  test('a tick is taken once, and none is left behind that was due before it', () => {
    fc.assert(
      fc.property(
        rules,
        times,
        fc.array(fc.nat(3 * hour), { size: 'max', maxLength: 30 }),
        (one, start, steps) => {
          let [now, takenUntil] = [start, start];
          const all: number[] = [];
          for (const step of steps) {
            now = later(now, step);
            const tick = dueTick(one, 'seed', takenUntil, now);
            if (tick === undefined) continue;
            expect(tick.at > takenUntil).toBe(true);
            expect(tick.firesAt <= now).toBe(true);
            takenUntil = tick.at;
            all.push(tick.at.getTime());
            expect(dueTick(one, 'seed', takenUntil, now)).toBeUndefined();
          }
          expect(new Set(all).size).toBe(all.length);
        },
      ),
    );
  });

  test('a time that has come is found, however seldom anybody looks', () => {
    fc.assert(
      fc.property(rules, times, (one, takenUntil) => {
        const next = nextTick(one, 'seed', takenUntil, takenUntil);

        if (next === undefined) return;
        const found = dueTick(one, 'seed', takenUntil, later(next.firesAt, 30 * day));
        expect(found).toBeDefined();
        expect(found && found.at >= next.at).toBe(true);
      }),
    );
  });
});

test('the delay is the same for all who have the seed, differs from time to time, and from seed to seed', () => {
  const nightly = rule('0 3 * * *', { jitter: hour });
  const delays = (seed: string) =>
    Array.from({ length: 50 }, (_, index) => {
      const tick = nextTick(
        nightly,
        seed,
        new Date('2026-01-01'),
        later(new Date('2026-01-01T12:00Z'), index * day),
      );
      return tick === undefined ? -1 : tick.firesAt.getTime() - tick.at.getTime();
    });

  expect(delays('a')).toEqual(delays('a'));
  expect(delays('a')).not.toEqual(delays('b'));
  expect(new Set(delays('a')).size).toBeGreaterThan(45);
  // Spread over the whole hour, and not at its beginning alone.
  for (const quarter of [0, 1, 2, 3])
    expect(delays('a').filter((ms) => Math.floor(ms / (15 * minute)) === quarter).length).toBeGreaterThan(3);
});
