/** When people are told: a state machine against its laws, whatever begins, ends and is doubted in whatever order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlertEvent, alertEvents } from '../../config/sections/notify.ts';
import { advance, type Condition, type Telling, type TellingRules } from '../../src/notify/incidents.ts';
import type { Incident } from '../../src/store/incidents/incident.ts';

const minute = 60_000;
const start = new Date('2026-03-02T08:00:00Z').getTime();

const aCondition = (key: string, event: AlertEvent = 'run-failed'): Condition => ({
  key,
  event,
  facts: {
    ...{ subject: key, sentence: `${key} is wrong.`, commands: [], page: '/' },
    since: new Date(start).toISOString(),
  },
});

/** A world in which things go wrong, and whoever looks at it. */
class World {
  readonly standing = new Map<string, Condition>();
  readonly unknown = new Set<AlertEvent>();
  readonly told: { readonly at: number; readonly telling: Telling }[] = [];
  readonly rules: TellingRules;
  now = start;
  incidents: readonly Incident[] = [];

  constructor(rules: TellingRules) {
    this.rules = rules;
  }

  look(): readonly Telling[] {
    const outlook = { conditions: [...this.standing.values()], unknown: this.unknown };
    const { incidents, tellings } = advance(this.incidents, outlook, new Date(this.now), this.rules);
    this.incidents = incidents;
    this.told.push(...tellings.map((telling) => ({ at: this.now, telling })));
    return tellings;
  }

  pass(ms: number): this {
    this.now += ms;
    return this;
  }

  begin(key: string, event?: AlertEvent): this {
    this.standing.set(key, aCondition(key, event));
    return this;
  }

  end(key: string): this {
    this.standing.delete(key);
    return this;
  }

  /** Such as `opened corp cloud`. */
  lookAndTell(): readonly string[] {
    return this.look().map(({ phase, incidents }) => [phase, ...incidents.map(({ key }) => key)].join(' '));
  }
}

const usual = { groupMs: minute, repeatMs: 60 * minute };

test('what begins within a short time is told in one message, once', () => {
  const world = new World(usual);

  expect(world.begin('corp').lookAndTell()).toEqual([]);
  expect(world.pass(30_000).begin('cloud').lookAndTell()).toEqual([]);
  expect(world.pass(30_000).lookAndTell()).toEqual(['opened corp cloud']);
  expect(world.pass(minute).lookAndTell()).toEqual([]);
});

test('what lasts is told again after the time for it, and its end once', () => {
  const world = new World(usual);
  world.begin('corp').look();
  world.pass(minute).look();

  expect(world.pass(60 * minute - 1).lookAndTell()).toEqual([]);
  expect(world.pass(1).lookAndTell()).toEqual(['lasting corp']);
  expect(world.pass(minute).end('corp').lookAndTell()).toEqual([]);
  expect(world.pass(minute).lookAndTell()).toEqual(['resolved corp']);
  expect(world.pass(600 * minute).lookAndTell()).toEqual([]);
  expect(world.incidents).toEqual([]);
});

test('what comes and goes quickly is not told, and what goes and comes back goes on', () => {
  const world = new World(usual);
  world.begin('corp').look();
  world.pass(30_000).end('corp').look();
  expect(world.pass(minute).lookAndTell()).toEqual([]);

  world.begin('cloud').look();
  expect(world.pass(minute).lookAndTell()).toEqual(['opened cloud']);
  world.end('cloud').look();
  world.pass(30_000).begin('cloud').look();
  expect(world.pass(10 * minute).lookAndTell()).toEqual([]);
});

test('kinds are told apart', () => {
  const world = new World(usual);
  world.begin('corp').begin('key', 'key-refused').look();

  expect(world.pass(minute).lookAndTell()).toEqual(['opened corp', 'opened key']);
});

test('of what nobody knows, neither a beginning nor an end is told', () => {
  const world = new World(usual);
  world.begin('api', 'api-down').look();
  world.pass(minute).look();

  world.end('api').unknown.add('api-down');
  world.look();
  expect(world.pass(100 * minute).lookAndTell()).toEqual([]);
  world.unknown.clear();
  world.look();
  expect(world.pass(minute).lookAndTell()).toEqual(['resolved api']);
});

test('what is told tells how it is now, not how it was when it began', () => {
  const world = new World({ groupMs: 0, repeatMs: minute });
  world.begin('corp').look();
  const { facts, ...rest } = aCondition('corp');
  world.standing.set('corp', { ...rest, facts: { ...facts, sentence: 'It got worse.' } });

  const [telling] = world.pass(minute).look();

  expect(telling?.incidents[0]?.facts.sentence).toBe('It got worse.');
});

interface Told {
  phase: 'opened' | 'lasting';
  at: number;
}

/** Checks each look against the laws. */
function lookAndCheck(world: World, told: Map<string, Told>): void {
  const standing = new Set(world.standing.keys());
  const before = new Map(world.incidents.map((one) => [one.key, one]));
  const { groupMs, repeatMs } = world.rules;
  const tellings = world.look();

  for (const { event, phase, incidents } of tellings) {
    expect(incidents.length).toBeGreaterThan(0);
    expect(world.unknown.has(event)).toBe(false);
    for (const { key, event: own } of incidents) {
      expect(own).toBe(event);
      const last = told.get(key);
      if (phase === 'opened') {
        expect(last).toBeUndefined();
        expect(standing.has(key)).toBe(true);
        told.set(key, { phase, at: world.now });
      } else if (phase === 'lasting') {
        expect(standing.has(key)).toBe(true);
        expect(repeatMs !== undefined && last !== undefined && world.now - last.at >= repeatMs).toBe(true);
        told.set(key, { phase, at: world.now });
      } else {
        expect(last).toBeDefined();
        expect(standing.has(key)).toBe(false);
        told.delete(key);
      }
    }
  }
  const phases = tellings.map(({ event, phase }) => `${event} ${phase}`);
  expect(new Set(phases).size).toBe(phases.length);
  // Nobody is left out: what has been seen for long enough is told.
  for (const key of standing) {
    const seen = before.get(key);
    const event = world.standing.get(key)?.event;
    if (seen === undefined || event === undefined || world.unknown.has(event)) continue;
    if (world.now - seen.openedAt.getTime() >= groupMs) expect(told.has(key)).toBe(true);
    const last = told.get(key);
    if (last !== undefined && repeatMs !== undefined) expect(world.now - last.at).toBeLessThan(repeatMs);
  }
  // Only what stands, was told or is in doubt is remembered.
  for (const { key, event, toldAt } of world.incidents)
    expect(standing.has(key) || toldAt !== undefined || world.unknown.has(event)).toBe(true);
}

type Step = fc.Command<Map<string, Told>, World>;

const step = <Drawn>(name: string, drawn: fc.Arbitrary<Drawn>, run: (world: World, drawn: Drawn) => void) =>
  drawn.map(
    (value): Step => ({
      check: () => true,
      run: (told, world) => {
        run(world, value);
        lookAndCheck(world, told);
      },
      toString: () => `${name}(${JSON.stringify(value)})`,
    }),
  );

const events = alertEvents.slice(0, 3);
const subject = fc.nat(8);
const eventOf = (number: number): AlertEvent => events[number % events.length] ?? 'run-failed';

const steps = [
  step('begin', subject, (world, number) => world.begin(`k${number}`, eventOf(number))),
  step('end', subject, (world, number) => world.end(`k${number}`)),
  step('pass', fc.oneof(fc.constantFrom(0, 1, minute - 1, minute), fc.nat(90 * minute)), (world, ms) =>
    world.pass(ms),
  ),
  step('doubt', subject, (world, number) => world.unknown.add(eventOf(number))),
  step('know', fc.constant(null), (world) => world.unknown.clear()),
];

const rules = fc.record({
  groupMs: fc.constantFrom(0, minute, 5 * minute),
  repeatMs: fc.constantFrom(undefined, 10 * minute, 60 * minute),
});

test('whatever happens: opened once, repeated in time, resolved once, nobody left out', () => {
  fc.assert(
    fc.property(rules, fc.commands(steps, { maxCommands: 80, size: 'max' }), (chosen, sequence) => {
      const world = new World(chosen);
      const told = new Map<string, Told>();
      fc.modelRun(() => ({ model: told, real: world }), sequence);

      // In the end all is well: everybody who was told of something hears that it is over, and nothing is left.
      world.standing.clear();
      world.unknown.clear();
      lookAndCheck(world, told);
      world.pass(chosen.groupMs);
      lookAndCheck(world, told);
      expect(told.size).toBe(0);
      expect(world.incidents).toEqual([]);
      const apart = world.told.filter(({ telling }) => telling.phase === 'opened');
      for (const [index, { at, telling }] of apart.entries()) {
        const next = apart.slice(index + 1).find((other) => other.telling.event === telling.event);
        if (next !== undefined) expect(next.at - at).toBeGreaterThanOrEqual(chosen.groupMs);
      }
    }),
    { numRuns: 500 },
  );
});
