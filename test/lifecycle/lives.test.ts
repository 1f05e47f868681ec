/** Lives of people in two directories, thousands of them, with outages at random, against what must be true of each. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hours } from '../builders/run.ts';
import { beginLife, type Entry, type Life, type Reading, type SourceName } from './life.ts';
import { type Step, step } from './step.ts';

const people = ['ann', 'bob', 'cyd'] as const;
const sources: readonly SourceName[] = ['corp', 'cloud'];

const addressOf = (who: string): string => `${who}@example.com`;

/** Ids are those of their people, with a number once somebody has another one: `ann`, `ann-2`. */
const whoseId = (id: string): string => id.split('-')[0] ?? id;

const entryOf = (life: Life, source: SourceName, who: string): Entry | undefined =>
  [...life.entries(source).values()].find(({ id }) => whoseId(id) === who);

function isThere(life: Life, source: SourceName, who: string): boolean {
  const entry = entryOf(life, source, who);
  return entry !== undefined && entry.isDisabled !== true;
}

const enters = (who: string, source: SourceName, freshId: string): Step =>
  step(`${who} is active in ${source} (${freshId}, if new)`, (life) => {
    const id = entryOf(life, source, who)?.id ?? freshId;
    const employeeNumber = `E-${who}`;
    life.lookups.delete(id);
    life.entries(source).set(id, { id, mail: addressOf(who), employeeNumber, attributes: { cn: [who] } });
  });

const isCalled = (who: string, source: SourceName, title: string): Step =>
  step(`${source} says that ${who} is ${title === '' ? 'nothing' : title}`, (life) => {
    const entry = entryOf(life, source, who);
    if (entry === undefined) return;
    const { title: _, ...attributes } = entry.attributes ?? {};
    const named = title === '' ? attributes : { ...attributes, title: [title] };
    life.entries(source).set(entry.id, { ...entry, attributes: named });
  });

const leaves = (who: string, source: SourceName, how: 'disabled' | 'gone' | 'deleted'): Step =>
  step(`${who} is ${how} in ${source}`, (life) => {
    const entry = entryOf(life, source, who);
    if (entry === undefined) return;
    if (how === 'disabled') {
      life.entries(source).set(entry.id, { ...entry, isDisabled: true });
      return;
    }
    life.entries(source).delete(entry.id);
    life.lookups.set(entry.id, { kind: how });
  });

const passes = (count: number): Step => step(`${count} h pass`, (life) => life.pass(hours(count)));

const runs = (source: SourceName, reading: Reading): Step =>
  step(`${source} is read: ${reading}`, (life) => {
    const before = life.model;
    const operations = life.run(source, reading)?.operations ?? [];

    for (const { kind, anchor } of operations) {
      const isThereNow = isThere(life, source, whoseId(anchor));
      // Promise 1 and 2: only a whole reading removes, and nobody who is there.
      if (kind === 'deactivate') {
        expect(reading).toBe('whole');
        expect(life.entries(source).get(anchor)?.isDisabled ?? true).toBe(true);
      } else expect(isThereNow).toBe(true);
    }
    expectOneEach(life);
    // Whoever is kept by another source stays as they are, or passes over to this one and is active.
    for (const { source: keeper, profileId } of before.links) {
      const stateIn = ({ profiles }: Life['model']) =>
        profiles.find((one) => one.profileId === profileId)?.isActive;
      if (String(keeper) !== source && stateIn(before) === true) expect(stateIn(life.model)).toBe(true);
    }
  });

/** Nobody has two accounts, and no account has two keepers. */
function expectOneEach({ model }: Life): void {
  const emails = model.profiles.map(({ email }) => email);
  const kept = model.links.flatMap(({ profileId }) => profileId ?? []);
  expect(new Set(emails).size).toBe(emails.length);
  expect(new Set(kept).size).toBe(kept.length);
}

/** All outages are over, and every grace time runs out. */
function settle(life: Life): void {
  for (let round = 0; round < 4; round += 1) {
    for (const source of sources) life.run(source);
    life.pass(hours(25));
  }
}

function expectAllRight(life: Life, namers?: readonly SourceName[]): void {
  for (const who of people) {
    const own = life.model.profiles.filter(({ email }) => email === addressOf(who));
    const first = sources.find((source) => isThere(life, source, who));
    // Whoever is active in any directory has one account, and it is active; nobody else has an active one.
    expect(own.length, who).toBeLessThanOrEqual(1);
    expect(
      own.some(({ isActive }) => isActive),
      who,
    ).toBe(first !== undefined);
    if (first === undefined) continue;
    // Of several directories that have somebody, the first one keeps them.
    const keeper = life.model.links.find(({ profileId }) => profileId === own[0]?.profileId);
    expect(String(keeper?.source), who).toBe(first);
    // Of those that have a title for somebody, the one that goes first gives it.
    const titles = (namers ?? [first]).flatMap((source) =>
      isThere(life, source, who) ? (entryOf(life, source, who)?.attributes?.title ?? []) : [],
    );
    if (titles[0] !== undefined) expect(own[0]?.attributes.title, who).toBe(titles[0]);
  }
  // Promise 12: it converges.
  for (const source of sources) expect(life.run(source)?.operations).toEqual([]);
}

const who = fc.constantFrom(...people);
const source = fc.constantFrom(...sources);
const event: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(who, source, fc.constantFrom('', '', '-2', '-3'))
    .map(([name, where, suffix]) => enters(name, where, `${name}${suffix}`)),
  fc
    .tuple(who, source, fc.constantFrom('disabled', 'gone', 'deleted'))
    .map(([name, where, how]) => leaves(name, where, how)),
  fc
    .tuple(who, source, fc.constantFrom('', 'A', 'B', 'C'))
    .map(([name, where, title]) => isCalled(name, where, title)),
  fc.constantFrom(1, 12, 25, 60).map(passes),
  {
    weight: 3,
    arbitrary: fc
      .tuple(source, fc.constantFrom<Reading>('whole', 'whole', 'whole', 'broken-off', 'failed'))
      .map(([where, reading]) => runs(where, reading)),
  },
);

describe('whatever happens on the way, and whatever can not be read for a time', () => {
  const numbers = 'correlation: [email, employee-number]';

  test.each<[name: string, settings: string, namers?: readonly SourceName[]]>([
    ['people are known again by their number', numbers],
    [
      'people are known by their address among directories',
      `${numbers}\nlifecycle: { handOver: correlation }`,
    ],
    [
      'one attribute is the second directory’s to say',
      `${numbers}\nprecedence: { title: [cloud, corp] }`,
      ['cloud', 'corp'],
    ],
  ])('everybody has what is theirs in the end: %s', (_name, settings, namers) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40, size: 'max' }), (events) => {
        const life = beginLife(settings);
        for (const { does } of events) does(life);
        settle(life);
        expectAllRight(life, namers);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('where no number tells who is one person', () => {
  /** Whom one source deactivates, though the other one had them when it was last read, not long ago. */
  const contradictedDeeds = (events: readonly Step[]): readonly string[] => {
    const life = beginLife();
    const found: string[] = [];
    const lastSeen = new Map<SourceName, { readonly at: Date; readonly there: ReadonlySet<string> }>();
    for (const { does } of events) {
      const [before, latest] = [life.deeds.length, new Map(life.latest)];
      does(life);
      for (const { source: by, kind, profileId } of life.deeds.slice(before)) {
        const email = life.model.profiles.find((one) => one.profileId === profileId)?.email;
        const seen = lastSeen.get(by === 'corp' ? 'cloud' : 'corp');
        const isRecent = seen !== undefined && life.now().getTime() - seen.at.getTime() <= hours(48);
        if (kind === 'deactivate' && isRecent && seen.there.has(email ?? '')) found.push(`${by}: ${email}`);
      }
      for (const name of sources)
        if (life.latest.get(name) !== latest.get(name)) {
          const there = people.filter((one) => isThere(life, name, one)).map(addressOf);
          lastSeen.set(name, { at: life.now(), there: new Set(there) });
        }
    }
    return found;
  };

  const withoutNumber = (name: string, where: SourceName): Step =>
    step(`${name} is active in ${where}, without a number`, (life) => {
      life.lookups.delete(name);
      life.entries(where).set(name, { id: name, mail: addressOf(name), attributes: { cn: [name] } });
    });

  test('nobody is deactivated by one source whom the other one had within two days', () => {
    const anything: fc.Arbitrary<Step> = fc.oneof(
      fc.tuple(who, source).map(([name, where]) => withoutNumber(name, where)),
      fc
        .tuple(who, source, fc.constantFrom('disabled', 'gone', 'deleted'))
        .map(([name, where, how]) => leaves(name, where, how)),
      fc.constantFrom(1, 12, 25, 60).map(passes),
      {
        weight: 3,
        arbitrary: source.map((where) => step(`${where} is read`, (life) => void life.run(where))),
      },
    );
    fc.assert(
      fc.property(fc.array(anything, { minLength: 20, maxLength: 60 }), (events) => {
        expect(contradictedDeeds(events)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
