/** Two sources that say opposite things of one profile. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsOfContradictions } from '../../src/plan/guards/contradictions.ts';
import { guard, isHeldBy } from '../../src/plan/guards/guard.ts';
import type { Claim } from '../../src/store/people/claim.ts';
import { departure } from '../builders/departure.ts';
import { link, profile, profileId } from '../builders/org.ts';
import { anchor, leaver, person, sourceId } from '../builders/people.ts';
import { after, deeds, hours, noon, onlyOperation, reconcile } from '../builders/run.ts';

const claim = (changes: Partial<Claim> = {}): Claim => ({
  source: sourceId('cloud'),
  anchor: anchor('ann-in-cloud'),
  label: 'CN=Ann',
  isSamePerson: false,
  at: after(noon, -hours(1)),
  ...changes,
});

const own = profile();
const leaves = (said: Claim, changes = {}) =>
  reconcile({
    people: [leaver()],
    profiles: [own],
    links: [link()],
    claims: new Map([[own.profileId, said]]),
    now: noon,
    ...changes,
  });

const limits = {
  maxDeactivations: { count: 5, percent: 5 },
  maxEdits: { count: 20, percent: 20 },
  maxBlanked: { count: 5, percent: 5 },
};
const circumstances = { linkedActive: 100, earlier: [], raised: {} };

describe('somebody left by one source, and may be there by another', () => {
  test('the deactivation says what both say, and since when', () => {
    const operation = onlyOperation(leaves(claim()));

    expect(operation).toMatchObject({ kind: 'deactivate', contradictedBy: { source: 'cloud' } });
    expect(operation.reason).toContain(leaver().reason);
    expect(operation.reason).toContain(
      'But source cloud has CN=Ann in its scope (seen 2026-03-02T11:00:00.000Z)',
    );
  });

  test('the hold is over them alone, and says how to mend it', () => {
    const operation = onlyOperation(leaves(claim()));
    const other = { ...operation, anchor: anchor('bob'), contradictedBy: undefined };
    const { contradictedBy: _, ...uncontradicted } = other;

    const holds = guard([operation, uncontradicted], limits, circumstances);

    expect(holds).toMatchObject([{ guard: 'contradiction', count: 1, anchors: [operation.anchor] }]);
    expect(holds[0]?.sentence).toContain(
      'Give both an employee number, set lifecycle.handOver: correlation, or approve.',
    );
    expect(isHeldBy(holds, operation)).toBe(holds[0]);
    expect(isHeldBy(holds, uncontradicted)).toBeUndefined();
  });

  test('a word that is older than 48 hours contradicts nobody any more', () => {
    expect(onlyOperation(leaves(claim({ at: after(noon, -hours(48)) }))).contradictedBy).toBeDefined();
    expect(onlyOperation(leaves(claim({ at: after(noon, -hours(48) - 1) }))).contradictedBy).toBeUndefined();
  });

  test('whoever is known to be the same person is handed over, and nothing is planned', () => {
    expect(deeds(leaves(claim({ isSamePerson: true })))).toEqual([]);
  });

  test('what HR says is not contradicted', () => {
    const operation = onlyOperation(leaves(claim(), { departures: [departure()] }));

    expect(operation.kind).toBe('deactivate');
    expect(operation.contradictedBy).toBeUndefined();
  });
});

describe('the other source lays its claim', () => {
  const holderWith = (employeeNumber: string | undefined) =>
    new Map([
      [
        profileId('P-1'),
        {
          source: sourceId('cloud'),
          anchor: anchor('x'),
          label: 'X',
          employeeNumber,
          deactivatedByUs: false,
        },
      ],
    ]);
  const claimsBy = (one: string | undefined, other: string | undefined) =>
    reconcile({
      people: [person(one === undefined ? {} : { employeeNumber: one })],
      profiles: [profile({ id: 'P-1', email: person().email })],
      foreignHolders: holderWith(other),
    }).claims.map(({ isSamePerson }) => isSamePerson);

  test.each([
    ['neither has a number', undefined, undefined, [false]],
    ['one has none', '1', undefined, [false]],
    ['the other has none', undefined, '1', [false]],
    ['both have the same, but correlation does not go by it', '1', '1', [false]],
    ['the numbers differ: they are two people', '1', '2', []],
  ])('%s', (_, one, other, claims) => {
    expect(claimsBy(one, other)).toEqual(claims);
  });
});

test('however many are contradicted, all of them are held, nobody else is, and twenty have a sentence of their own', () => {
  const count = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(count, count, (some, others) => {
      const people = (name: string, howMany: number, contradictedBy?: Claim) =>
        Array.from({ length: howMany }, (_, index) => ({
          kind: 'deactivate' as const,
          anchor: `${name}-${index}`,
          before: { is_active: true },
          after: { is_active: false },
          ...(contradictedBy === undefined ? {} : { contradictedBy }),
        }));
      const contradicted = people('c', some, claim());
      const plain = people('p', others);

      const holds = holdsOfContradictions([...contradicted, ...plain]);

      expect(contradicted.every((one) => isHeldBy(holds, one) !== undefined)).toBe(true);
      expect(plain.every((one) => isHeldBy(holds, one) === undefined)).toBe(true);
      expect(holds).toHaveLength(Math.min(some, 21));
      expect(holds.reduce((sum, hold) => sum + hold.count, 0)).toBe(some);
    }),
  );
});

test('what another source says stands against a deactivation alone', () => {
  const links = [link({ deactivatedByUs: true, deactivatedAt: after(noon, -hours(1_000)) })];
  const given = {
    people: [leaver()],
    profiles: [profile({ isActive: false })],
    links,
    claims: new Map([[profileId('P-ann'), claim()]]),
    policy: { purgeBefore: after(noon, -hours(720)) },
  };

  expect(onlyOperation(reconcile(given)).contradictedBy).toBeUndefined();
  expect(onlyOperation(reconcile(given)).kind).toBe('purge');
});
