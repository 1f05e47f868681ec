import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, type HashedPart, hashOf } from '../../src/audit/entry.ts';
import type { ProfileId } from '../../src/profile-api/profile.ts';
import type { OperationId, RunId } from '../../src/store/operations/operation.ts';
import { profileId } from '../builders/org.ts';
import { anchor, sourceId } from '../builders/people.ts';

const entry = (changes: Partial<HashedPart> = {}): HashedPart => ({
  seq: '7' as HashedPart['seq'],
  at: new Date('2026-03-02T12:00:00Z'),
  actor: 'cli:anna',
  action: 'operation.done',
  run_id: 'run1' as RunId,
  operation_id: 'run1.1' as OperationId,
  source_id: sourceId('corp'),
  anchor: anchor('ann'),
  profile_id: profileId('P-ann'),
  email: 'ann@example.com',
  reason: 'They left.',
  details: { kind: 'deactivate', before: { is_active: true }, after: { is_active: false } },
  prev_hash: '0'.repeat(64),
  ...changes,
});

describe('the hash of an entry', () => {
  test('is SHA-256 in hexadecimal, the same for the same entry', () => {
    expect(hashOf(entry())).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(entry())).toBe(hashOf(entry()));
  });

  // Pinned: a change of the form would make every audit log in the field look forged.
  test('is the same in every version', () => {
    expect(hashOf(entry())).toBe('84e082e5c7be1b833425b9aad0dc503b28738367b672157e24e3eb4beb8d00ba');
  });

  test.each([
    { seq: '8' as HashedPart['seq'] },
    { at: new Date('2026-03-02T12:00:00.001Z') },
    { actor: 'cli:bob' },
    { action: 'operation.failed' },
    { run_id: 'run2' as RunId },
    { run_id: null },
    { operation_id: 'run1.2' as OperationId },
    { operation_id: null },
    { source_id: sourceId('cloud') },
    { source_id: null },
    { anchor: anchor('bob') },
    { anchor: null },
    { profile_id: profileId('P-bob') },
    { profile_id: '' as ProfileId },
    { profile_id: null },
    { email: 'bob@example.com' },
    { email: null },
    { reason: 'They stayed.' },
    { reason: '' },
    { reason: null },
    { details: {} },
    { details: { kind: 'deactivate', before: { is_active: true }, after: { is_active: null } } },
    { prev_hash: '1'.repeat(64) },
  ])('is another one where %o', (change) => {
    expect(hashOf(entry(change))).not.toBe(hashOf(entry()));
  });

  test('is another one where a text moved from one field to the next', () => {
    const one = entry({ email: 'a', reason: 'b' });

    expect(hashOf(entry({ email: 'a"', reason: 'b' }))).not.toBe(hashOf(one));
    expect(hashOf(entry({ email: 'a","b', reason: '' }))).not.toBe(hashOf(one));
    expect(hashOf(entry({ email: 'b', reason: 'a' }))).not.toBe(hashOf(one));
    expect(hashOf(entry({ email: null, reason: 'a' }))).not.toBe(hashOf(entry({ email: 'a', reason: null })));
  });

  test('does not depend on the order in which the store gives the keys of the details', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (details) => {
        expect(hashOf(entry({ details: upsideDown(details) as typeof details }))).toBe(
          hashOf(entry({ details })),
        );
      }),
    );
  });
});

describe('the canonical form', () => {
  test.each([
    [{ b: 1, a: [{ d: 1, c: 2 }] }, '{"a":[{"c":2,"d":1}],"b":1}'],
    [{ a: undefined, b: null }, '{"b":null}'],
    [[undefined, null], '[null,null]'],
    [undefined, 'null'],
    [new Date('2026-03-02T12:00:00Z'), '"2026-03-02T12:00:00.000Z"'],
    [{ 'a"b': 'c\n' }, '{"a\\"b":"c\\n"}'],
    [-0, '0'],
    ['x', '"x"'],
  ])('%o', (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  test('is JSON of the same value, and stays the same through JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const stored = JSON.parse(JSON.stringify(value));

        expect(JSON.parse(canonical(value))).toEqual(stored);
        expect(canonical(stored)).toBe(canonical(value));
        expect(canonical(upsideDown(stored))).toBe(canonical(value));
      }),
    );
  });

  test('is another one for another value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [first, second] = [one, other].map((value) => JSON.parse(JSON.stringify(value)));
        fc.pre(!equals(first, second));

        expect(canonical(one)).not.toBe(canonical(other));
      }),
    );
  });
});

const equals = (one: unknown, other: unknown): boolean => {
  try {
    expect(one).toStrictEqual(other);
    return true;
  } catch {
    return false;
  }
};

/** The same value with the keys of every object in the other order. */
function upsideDown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(upsideDown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, upsideDown(item)]),
  );
}
