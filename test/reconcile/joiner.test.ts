import { describe, expect, test } from 'vitest';
import { link, profile, profileId } from '../builders/org.ts';
import { anchor, person, sourceId } from '../builders/people.ts';
import { after, deeds, hours, noon, onlyOperation, reconcile, remarks } from '../builders/run.ts';

describe('somebody new', () => {
  test('is created with all that the mapping gives', () => {
    const ann = person({ desired: { first_name: 'Ann', username: 'ann' } });

    expect(onlyOperation(reconcile({ people: [ann] }))).toEqual({
      kind: 'create',
      anchor: 'ann',
      label: 'uid=ann',
      email: 'ann@example.com',
      profileId: undefined,
      reason: 'They are in scope and have no profile yet.',
      before: {},
      after: ann.desired,
      desired: ann.desired,
    });
  });

  test('is invited where the lifecycle says so', () => {
    const ran = reconcile({ people: [person()], policy: { onboard: 'invite' } });

    expect(onlyOperation(ran)).toMatchObject({
      kind: 'invite',
      email: 'ann@example.com',
      profileId: undefined,
    });
  });

  test('is created, to be invited afterwards, where the lifecycle says so', () => {
    const ran = reconcile({ people: [person()], policy: { onboard: 'create-and-invite' } });

    expect(onlyOperation(ran)).toMatchObject({
      kind: 'create',
      invites: true,
      reason: 'They are in scope and have no profile yet. They are invited to it once it is made.',
    });
  });

  test.each([
    'invite',
    'create-and-invite',
  ] as const)('is not invited more often than the limit after their profile was deleted (%s)', (onboard) => {
    const gone = link({ profileId: profileId('gone'), invitations: 3 });
    const ran = reconcile({
      people: [person()],
      links: [gone],
      unlisted: { gone: { kind: 'deleted' } },
      policy: { onboard, deletedInOrg: 'create' },
    });

    expect(deeds(ran)).toEqual(onboard === 'invite' ? [] : [`${gone.anchor}: create`]);
    const told = [...ran.operations, ...ran.findings];
    expect(told[0]?.reason).toContain('lifecycle.invite.atMost allows 3');
    expect(ran.operations.filter(({ invites }) => invites === true)).toEqual([]);
  });
});

describe('somebody new who has a profile already', () => {
  test('is tied to it, and what differs is edited', () => {
    const there = profile({ email: 'ANN@example.com', attributes: { first_name: 'A.', title: 'Clerk' } });
    const ann = person({ desired: { first_name: 'Ann', title: 'Clerk' } });

    expect(onlyOperation(reconcile({ people: [ann], profiles: [there] }))).toMatchObject({
      kind: 'adopt',
      profileId: 'P-ann',
      reason: 'Their profile was found by email.',
      before: { first_name: 'A.' },
      after: { first_name: 'Ann' },
      desired: ann.desired,
    });
  });

  test('is tied to it without a change where nothing differs', () => {
    const ran = reconcile({ people: [person()], profiles: [profile()] });

    expect(onlyOperation(ran)).toMatchObject({ kind: 'adopt', before: {}, after: {} });
  });

  test.each([
    ['ours', {}],
    ['never', {}],
    ['always', { is_active: true }],
  ] as const)('is not unblocked by being found, unless reactivate is always (%s)', (reactivate, changed) => {
    const ran = reconcile({
      people: [person()],
      profiles: [profile({ isActive: false })],
      policy: { reactivate },
    });

    expect(onlyOperation(ran)).toMatchObject({ kind: 'adopt', after: changed });
  });

  test('is tied to nothing where two profiles have the address', () => {
    const ran = reconcile({ people: [person()], profiles: [profile({ id: 'P1' }), profile({ id: 'P2' })] });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: conflict']);
    expect(ran.findings[0]?.reason).toContain('P1, P2');
  });

  test('is tied to nothing where the profile belongs to somebody else of this source', () => {
    const ran = reconcile({
      people: [person({ anchor: 'new', email: 'ann@example.com' })],
      profiles: [profile()],
      links: [link()],
    });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['new: conflict']);
    expect(ran.findings[0]?.reason).toContain('uid=ann of source corp');
  });

  test('is tied to nothing where the profile belongs to somebody of another source', () => {
    const holder = { source: sourceId('cloud'), anchor: anchor('z'), label: 'Zoe' };
    const ran = reconcile({
      people: [person()],
      profiles: [profile()],
      foreignHolders: new Map([[profileId('P-ann'), holder]]),
    });

    expect(ran.operations).toEqual([]);
    expect(ran.findings[0]).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining('Zoe of source cloud'),
    });
  });

  test("is left alone where the profile is the API key's own", () => {
    const ran = reconcile({
      people: [person({ desired: { first_name: 'Other' } })],
      profiles: [profile()],
      policy: { ownProfile: profileId('P-ann') },
    });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: left']);
  });
});

describe('correlation', () => {
  const byName = profile({ id: 'P-name', email: 'old@example.com', username: 'ANN' });
  const byEmail = profile({ id: 'P-mail', email: 'ann@example.com', username: 'someone' });
  const ann = person({ desired: { username: 'ann' } });

  test('goes by e-mail alone unless configured otherwise', () => {
    expect(deeds(reconcile({ people: [ann], profiles: [byName] }))).toEqual(['ann: create']);
  });

  test('takes the first rule that finds somebody', () => {
    const ran = reconcile({
      people: [ann],
      profiles: [byName, byEmail],
      policy: { correlation: ['email', 'username'] },
    });

    expect(onlyOperation(ran)).toMatchObject({ kind: 'adopt', profileId: 'P-mail' });
  });

  test('by username adopts, and mends the address', () => {
    const ran = reconcile({
      people: [ann],
      profiles: [byName],
      policy: { correlation: ['email', 'username'] },
    });

    expect(onlyOperation(ran)).toMatchObject({
      kind: 'adopt',
      profileId: 'P-name',
      before: { email: 'old@example.com' },
      after: { email: 'ann@example.com', username: 'ann' },
    });
  });

  // The edit would have given one address to two profiles.
  test('by username adopts nobody whose new address another profile has', () => {
    const ran = reconcile({
      people: [ann],
      profiles: [byName, byEmail],
      policy: { correlation: ['username', 'email'] },
    });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: conflict']);
    expect(ran.findings[0]?.reason).toContain('P-mail');
  });

  // Without the rule, the profile is not adopted; but a second account for the address is no answer either.
  test.each([
    { correlation: [] },
    { correlation: ['username'] },
  ] as const)('with %o nobody gets a second account for one address', (given) => {
    for (const onboard of ['create', 'invite'] as const) {
      const ran = reconcile({ people: [ann], profiles: [byEmail], policy: { ...given, onboard } });

      expect(ran.operations).toEqual([]);
      expect(remarks(ran)).toEqual(['ann: conflict']);
    }
  });

  // Both were tied to the one profile, and then edited it back and forth.
  test('never ties two people to one profile', () => {
    const people = [
      person({ anchor: 'a', desired: { username: 'ann' } }),
      person({ anchor: 'b', desired: { username: 'Ann' } }),
      person({ anchor: 'c', email: 'old@example.com' }),
    ];
    for (const order of [people, people.toReversed()]) {
      const ran = reconcile({
        people: order,
        profiles: [byName],
        policy: { correlation: ['email', 'username'] },
      });

      expect(ran.operations).toEqual([]);
      expect(remarks(ran)).toEqual(['a: conflict', 'b: conflict', 'c: conflict']);
    }
  });
});

describe('two people with one e-mail address', () => {
  const ann = person({ anchor: 'a', email: 'ann@example.com' });
  const other = person({ anchor: 'b', email: 'ANN@example.com' });
  const third = person({ anchor: 'c', email: 'ann@Example.com' });

  test('both wait, whoever comes first', () => {
    for (const people of [
      [ann, other],
      [other, ann],
      [third, other, ann],
    ]) {
      const ran = reconcile({ people });

      expect(ran.operations).toEqual([]);
      expect(remarks(ran)).toEqual(people.map((one) => `${one.anchor}: conflict`).sort());
    }
  });

  test('both wait before a profile that either could be', () => {
    const ran = reconcile({ people: [ann, other], profiles: [profile()] });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['a: conflict', 'b: conflict']);
  });

  test('who holds the address by a link keeps it, and is kept up to date', () => {
    const holder = person({ anchor: 'a', email: 'ann@example.com', desired: { title: 'Head' } });
    for (const people of [
      [holder, other, third],
      [third, other, holder],
    ]) {
      const ran = reconcile({
        people,
        profiles: [profile({ id: 'P-a', attributes: { title: 'Clerk' } })],
        links: [link({ id: 'a' })],
      });

      expect(deeds(ran)).toEqual(['a: edit']);
      expect(remarks(ran)).toEqual(['b: conflict', 'c: conflict']);
    }
  });

  // The one whom the listing lacked was decided again at the end, and got the address after all.
  test('both wait too where one of them has a profile that the listing lacks', () => {
    const unlisted = profile({ id: 'P-a', email: 'old@example.com' });
    for (const people of [
      [ann, other],
      [other, ann],
    ]) {
      const ran = reconcile({
        people,
        links: [link({ id: 'a' })],
        unlisted: { 'P-a': { kind: 'there', profile: unlisted } },
      });

      expect(ran.operations).toEqual([]);
      expect(remarks(ran)).toEqual(['a: conflict', 'b: conflict']);
    }
  });

  test('a leaver contests nobody', () => {
    const gone = { ...ann, kind: 'leaver', why: 'disabled', reason: 'Disabled.' } as const;

    expect(deeds(reconcile({ people: [gone, other] }))).toEqual(['b: create']);
  });
});

test('a record that is told twice is one person, as told first', () => {
  const ran = reconcile({ people: [person(), person({ email: 'other@example.com' })] });

  expect(onlyOperation(ran).email).toBe('ann@example.com');
});

describe('somebody with a first day', () => {
  const startsAt = (at: Date) => ({ ...person(), start: { kind: 'at', at, from: 'hireDate' } as const });
  const unclear = { kind: 'unreadable', from: 'hireDate', expected: 'a date such as 2026-03-31' } as const;
  const early = { ms: hours(48), before: after(noon, hours(48)) };

  test('waits for it where it is further away than lifecycle.joinEarly, and is looked at again in time', () => {
    const ran = reconcile({ people: [startsAt(after(noon, hours(49)))], policy: { joinEarly: early } });

    expect(ran.operations).toEqual([]);
    expect(ran.findings).toEqual([
      expect.objectContaining({
        kind: 'waiting',
        reason: expect.stringContaining('lets them join on 2026-03-02T13:00:00.000Z'),
      }),
    ]);
    expect(ran.revisits).toEqual([{ anchor: 'ann', notBefore: after(noon, hours(1)) }]);
  });

  test.each([0, -1, -9_999])('joins where it is near enough, or past (%i hours off)', (off) => {
    const people = [startsAt(after(noon, hours(48 + off)))];

    expect(deeds(reconcile({ people, policy: { joinEarly: early } }))).toEqual(['ann: create']);
  });

  test.each([
    'create',
    'invite',
    'create-and-invite',
  ] as const)('waits, however they join (%s)', (onboard) => {
    const people = [startsAt(after(noon, 1))];

    const ran = reconcile({ people, policy: { onboard } });

    expect(ran.operations).toEqual([]);
    expect(ran.findings.map(({ kind, reason }) => [kind, reason])).toEqual([
      [
        'waiting',
        'They are in scope, and have no profile yet: their first day is 2026-03-02T12:00:00.001Z (hireDate).',
      ],
    ]);
  });

  test('is not touched by it where they have a profile, linked or to be adopted', () => {
    const later = startsAt(after(noon, hours(999)));
    for (const member of [later, { ...later, start: unclear }]) {
      const people = [{ ...member, desired: { ...member.desired, title: 'Head' } }];

      expect(deeds(reconcile({ people, profiles: [profile()], links: [link()] }))).toEqual(['ann: edit']);
      expect(deeds(reconcile({ people, profiles: [profile()] }))).toEqual(['ann: adopt']);
    }
  });

  test('that can not be read is skipped by name, and looked at again', () => {
    const ran = reconcile({ people: [{ ...person(), start: unclear }] });

    expect(ran.findings).toEqual([
      expect.objectContaining({ kind: 'skipped', reason: expect.stringContaining('hireDate is not a date') }),
    ]);
    expect(ran.revisits).toEqual([expect.objectContaining({ anchor: 'ann' })]);
  });
});

test.each([
  ['ours', false],
  ['never', false],
  ['always', true],
] as const)('whoever is adopted stays blocked by somebody else unless all blocks end (%s)', (reactivate, isBack) => {
  const ran = reconcile({
    people: [person()],
    profiles: [profile({ isActive: false })],
    policy: { reactivate },
  });

  expect(Object.hasOwn(onlyOperation(ran).after, 'is_active')).toBe(isBack);
});

test('whoever has had all invitations and has no profile waits for somebody to ask them', () => {
  const ran = reconcile({
    people: [person()],
    links: [link({ invitations: 3 })],
    unlisted: { 'P-ann': { kind: 'deleted' } },
    policy: { onboard: 'invite', deletedInOrg: 'create' },
  });

  expect(ran.findings.map((one) => one.kind)).toEqual(['waiting']);
});
