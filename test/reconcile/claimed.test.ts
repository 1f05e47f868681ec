/** Profiles that somebody is found to have, while something speaks against it: who says what, and what is to be mended. */
import { describe, expect, test } from 'vitest';
import type { Holder, ProposedOperation } from '../../src/reconcile/index.ts';
import { profile, profileId } from '../builders/org.ts';
import { anchor, person, sourceId } from '../builders/people.ts';
import { onlyOperation, reconcile, type Situation } from '../builders/run.ts';

const holder = (id: string, about: Partial<Holder> = {}): Holder => ({
  source: sourceId('hr'),
  anchor: anchor(id),
  label: `CN=${id}`,
  employeeNumber: undefined,
  awaySince: undefined,
  deactivatedByUs: false,
  ...about,
});

const held = (about: Partial<Holder> = {}) => new Map([[profileId('P-ann'), holder('bob', about)]]);
const conflictIn = (situation: Situation) => {
  const { operations, findings } = reconcile(situation);
  expect(operations).toEqual([]);
  return findings;
};

describe('a profile that is somebody else’s', () => {
  test.each([
    ['email', 'email-held-by-other-person', 'email'],
    ['username', 'username-held-by-other-person', 'username'],
  ] as const)('is not adopted by %s, and the conflict says whose it is', (rule, kind, named) => {
    const ann = person({ desired: { username: 'ann' } });

    const findings = conflictIn({
      people: [ann],
      profiles: [profile({ username: 'ann' })],
      foreignHolders: held(),
      policy: { correlation: [rule] },
    });

    expect(findings).toEqual([
      expect.objectContaining({
        kind: 'conflict',
        conflict: { kind, profileId: 'P-ann' },
        reason: `The profile with their ${named} (P-ann) belongs to CN=bob of source hr. If the address was passed on, free it in the org first.`,
      }),
    ]);
  });

  test.each([
    ['7', '7', true],
    ['7', '8', false],
    ['7', undefined, false],
    [undefined, '7', false],
    [undefined, undefined, false],
  ])('is told to be the same person’s where both have one number (%s, %s)', (own, other, isTold) => {
    const [finding] = conflictIn({
      people: [person(own === undefined ? {} : { employeeNumber: own })],
      profiles: [profile()],
      foreignHolders: held({ employeeNumber: other }),
      policy: { handOver: 'employee-number' },
    });

    expect(finding?.reason.includes('Both have the same employee number')).toBe(isTold);
  });
});

test('an address that nobody was looked for by is still not given twice', () => {
  const policy = { correlation: [] };
  const free = conflictIn({ people: [person()], profiles: [profile()], policy });
  const taken = conflictIn({ people: [person()], profiles: [profile()], foreignHolders: held(), policy });

  expect(free).toMatchObject([
    {
      conflict: { kind: 'email-taken', profileId: 'P-ann' },
      reason:
        'Their e-mail ann@example.com is already that of profile P-ann, which is linked to nobody. Free it in the org, or mend it in the source.',
    },
  ]);
  expect(taken).toMatchObject([
    {
      conflict: { kind: 'email-held-by-other-person', profileId: 'P-ann' },
      reason: expect.stringContaining('which belongs to CN=bob of source hr. Free it'),
    },
  ]);
});

test('several profiles of one name are a conflict, which names them', () => {
  const twins = [profile({ id: 'P-1' }), profile({ id: 'P-2' })];

  expect(conflictIn({ people: [person()], profiles: twins })).toMatchObject([
    {
      conflict: { kind: 'several-profiles', profileId: undefined },
      reason:
        '2 profiles have the email ann@example.com (P-1, P-2). Merge or rename them in the org, so that one is left.',
    },
  ]);
});

test('several people of one number are a conflict, which names their profiles', () => {
  const findings = conflictIn({
    people: [person({ employeeNumber: '7' })],
    profiles: [
      profile({ id: 'P-1', email: 'a@example.com' }),
      profile({ id: 'P-2', email: 'b@example.com' }),
    ],
    foreignHolders: new Map([
      [profileId('P-1'), holder('a', { employeeNumber: '7' })],
      [profileId('P-2'), holder('b', { employeeNumber: '7' })],
    ]),
    policy: { correlation: ['employee-number'], sources: [sourceId('hr'), sourceId('corp')] },
  });

  expect(findings).toMatchObject([
    {
      conflict: { kind: 'several-profiles', profileId: undefined },
      reason: expect.stringMatching(
        /^2 profiles are of people with the employee number 7 \((P-1, P-2|P-2, P-1)\)\. Mend the number/,
      ),
    },
  ]);
});

test('somebody without a login is not taken for others without one', () => {
  const nameless = [profile({ id: 'P-1', email: 'x@example.com', username: '' })];
  const given = { profiles: nameless, policy: { correlation: ['username' as const] } };

  for (const ann of [person(), person({ desired: { username: '' } })])
    expect(onlyOperation(reconcile({ ...given, people: [ann] })).kind).toBe('create');
});

test.each([
  ['always', { is_active: false }, { is_active: true }],
  ['ours', {}, {}],
  ['never', {}, {}],
] as const)('an inactive profile that is adopted becomes active where they come back so (%s)', (reactivate, before, after) => {
  const ran = reconcile({
    people: [person()],
    profiles: [profile({ isActive: false })],
    policy: { reactivate },
  });

  expect(onlyOperation(ran)).toMatchObject({
    kind: 'adopt',
    reason: 'Their profile was found by email.',
    before,
    after,
  } satisfies Partial<ProposedOperation>);
});

test('two people with one address are told of each other', () => {
  const people = [
    person({ anchor: 'a', email: 'x@example.com' }),
    person({ anchor: 'b', email: 'X@example.com' }),
  ];

  expect(conflictIn({ people })).toMatchObject([
    {
      anchor: 'a',
      conflict: { kind: 'same-email-in-source' },
      reason:
        'uid=b has the same e-mail address x@example.com. Mend it in the source; until then neither is created or changed.',
    },
    {
      anchor: 'b',
      conflict: { kind: 'same-email-in-source' },
      reason: expect.stringContaining('uid=a has the same'),
    },
  ]);
});

test('two people who are found to have one profile are told of each other', () => {
  const people = [
    person({ anchor: 'a', email: 'ann@example.com', desired: { username: 'one' } }),
    person({ anchor: 'b', email: 'b@example.com', desired: { username: 'ann' } }),
  ];
  const policy = { correlation: ['email', 'username'] as const };

  expect(conflictIn({ people, profiles: [profile({ username: 'ann' })], policy })).toMatchObject([
    {
      anchor: 'a',
      conflict: { kind: 'profile-of-two-people', profileId: 'P-ann' },
      reason:
        'Profile P-ann could be theirs as well as that of uid=b. Mend the e-mail or username of one in the source, or of the profile in the org.',
    },
    { anchor: 'b', conflict: { kind: 'profile-of-two-people', profileId: 'P-ann' } },
  ]);
});

test('the key’s own account is nobody’s, and it is told', () => {
  const policy = { ownProfile: profileId('P-ann') };

  expect(conflictIn({ people: [person()], profiles: [profile()], policy })).toMatchObject([
    {
      kind: 'left',
      reason: "Their profile is the account of Rollcall's own API key, which is never changed.",
    },
  ]);
});

test.each([
  'always',
  'ours',
  'never',
] as const)('an active profile that is adopted stays as active as it is (%s)', (reactivate) => {
  const ran = reconcile({ people: [person()], profiles: [profile()], policy: { reactivate } });

  expect(onlyOperation(ran)).toMatchObject({ kind: 'adopt', before: {}, after: {} });
  expect(onlyOperation(ran).after).not.toHaveProperty('is_active');
});
