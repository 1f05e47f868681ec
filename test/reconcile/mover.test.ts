import { describe, expect, test } from 'vitest';
import { link, profile, profileId } from '../builders/org.ts';
import { person } from '../builders/people.ts';
import { deeds, onlyOperation, reconcile, remarks, type Situation } from '../builders/run.ts';

const clerk = profile({ attributes: { name: 'Ann', first_name: 'Ann', title: 'Clerk' } });

describe('somebody whose record changed', () => {
  test('is edited in exactly what changed', () => {
    const ann = person({ desired: { first_name: 'Ann', title: 'Head' } });
    const ran = reconcile({ people: [ann], profiles: [clerk], links: [link({ applied: { pin: 7 } })] });

    expect(onlyOperation(ran)).toEqual({
      kind: 'edit',
      anchor: 'ann',
      label: 'uid=ann',
      email: 'ann@example.com',
      profileId: 'P-ann',
      reason: 'The source and the profile differ in title.',
      before: { title: 'Clerk' },
      after: { title: 'Head' },
      desired: { pin: 7, ...ann.desired },
    });
  });

  test.each([
    ['nothing', {}],
    ['a name, which nobody may change', { name: 'Ann Archer' }],
    ['an attribute that is set no more', {}],
  ])('is not edited for %s', (_, desired) => {
    const ran = reconcile({ people: [person({ desired })], profiles: [clerk], links: [link()] });

    expect(ran.operations).toEqual([]);
    expect(ran.findings).toEqual([]);
    expect(ran.counts.unchanged).toBe(1);
  });

  test('is not edited for capital letters in the address', () => {
    const ran = reconcile({
      people: [person({ email: 'Ann@EXAMPLE.com' })],
      profiles: [clerk],
      links: [link()],
    });

    expect(ran.operations).toEqual([]);
  });

  test('gets a new address', () => {
    const ran = reconcile({
      people: [person({ email: 'new@example.com' })],
      profiles: [clerk],
      links: [link()],
    });

    expect(onlyOperation(ran)).toMatchObject({
      kind: 'edit',
      email: 'new@example.com',
      before: { email: 'ann@example.com' },
      after: { email: 'new@example.com' },
    });
  });

  test.each([
    ['nobody', [], 'linked to nobody'],
    ['somebody', [link({ id: 'bob' })], 'uid=bob'],
  ])("does not get an address that is another profile's, linked to %s", (_, others, reason) => {
    const ran = reconcile({
      people: [person({ email: 'bob@example.com' })],
      profiles: [clerk, profile({ id: 'P-bob', email: 'Bob@example.com' })],
      links: [link(), ...others],
    });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: conflict']);
    expect(ran.findings[0]?.reason).toContain(reason);
  });

  test("is not edited where the profile is the API key's own", () => {
    const ran = reconcile({
      people: [person({ desired: { title: 'Head' } })],
      profiles: [clerk],
      links: [link()],
      policy: { ownProfile: profileId('P-ann') },
    });

    expect(ran.operations).toEqual([]);
  });

  test('is edited although protected: protection is against deactivation', () => {
    const ran = reconcile({
      people: [person({ desired: { title: 'Head' } })],
      profiles: [clerk],
      links: [link()],
      policy: { protected: new Set(['ann@example.com']) },
    });

    expect(deeds(ran)).toEqual(['ann: edit']);
  });
});

describe('a linked profile that the listing lacks', () => {
  const links = [link()];
  const people = [person({ desired: { title: 'Head' } })];

  test('is asked for by its id, and compared as any other', () => {
    const ran = reconcile({ people, links, unlisted: { 'P-ann': { kind: 'there', profile: clerk } } });

    expect(ran.asked).toEqual({ missing: [], unlisted: ['P-ann'] });
    expect(onlyOperation(ran)).toMatchObject({ kind: 'edit', profileId: 'P-ann', after: { title: 'Head' } });
  });

  test('leaves its person alone where it cannot be asked for', () => {
    const ran = reconcile({ people, links });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: waiting']);
  });

  test('that was deleted stays deleted', () => {
    const ran = reconcile({ people, links, unlisted: { 'P-ann': { kind: 'deleted' } } });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: conflict']);
  });

  describe('that was deleted, where it shall be made again,', () => {
    const policy = { deletedInOrg: 'create' } as const;
    const unlisted = { 'P-ann': { kind: 'deleted' } } as const;

    test('is made again', () => {
      const ran = reconcile({ people, links, unlisted, policy });

      expect(onlyOperation(ran)).toMatchObject({
        kind: 'create',
        profileId: undefined,
        after: people[0]?.desired,
        reason: 'Their profile was deleted in the org.',
      });
    });

    // An administrator deletes an account and makes it anew: a second one was created beside it.
    test('is not made again beside a new one that somebody made by hand: that one is adopted', () => {
      const anew = profile({ id: 'P-new' });
      const ran = reconcile({ people, links, unlisted, policy, profiles: [anew] });

      expect(onlyOperation(ran)).toMatchObject({ kind: 'adopt', profileId: 'P-new' });
    });
  });
});

describe('somebody whose profile is not known yet', () => {
  test.each(['invited', 'created'] as const)('waits (%s)', (origin) => {
    const ran = reconcile({ people: [person()], links: [link({ pending: true, origin })] });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: waiting']);
    expect(ran.asked).toEqual({ missing: [], unlisted: [] });
  });

  test('is tied to the profile with the user id of the creation, whatever its address by now', () => {
    const there = profile({ userId: 7, email: 'other@example.com' });
    const ran = reconcile({
      people: [person()],
      profiles: [there, profile({ id: 'P2', userId: 8 })],
      links: [link({ pending: true, userId: there.userId })],
    });

    expect(ran.resolved).toEqual([{ anchor: 'ann', profileId: 'P-ann', userId: 7 }]);
  });

  test('is tied to the profile with the address of the invitation, and edited in the same run', () => {
    const ran = reconcile({
      people: [person({ desired: { title: 'Head' } })],
      profiles: [profile({ userId: 7, attributes: { title: '' } })],
      links: [link({ pending: true })],
    });

    expect(ran.resolved).toEqual([{ anchor: 'ann', profileId: 'P-ann', userId: 7 }]);
    expect(onlyOperation(ran)).toMatchObject({ kind: 'edit', profileId: 'P-ann' });
  });

  test('is not tied to a profile that somebody holds, nor to one of two', () => {
    const held = reconcile({
      people: [person()],
      profiles: [profile({ id: 'P-bob' })],
      links: [link({ pending: true }), link({ id: 'bob' })],
    });
    const twice = reconcile({
      people: [person()],
      profiles: [profile({ id: 'P1' }), profile({ id: 'P2' })],
      links: [link({ pending: true })],
    });

    expect(held.resolved).toEqual([]);
    expect(twice.resolved).toEqual([]);
  });

  // The account that was made had been deleted, and another one made by hand: that one is not ours.
  test('is not tied by the address to an account with another user id than that of the creation', () => {
    const ran = reconcile({
      people: [person()],
      profiles: [profile({ userId: 8 })],
      links: [link({ pending: true, origin: 'created', userId: profile({ userId: 7 }).userId })],
    });

    expect(ran.resolved).toEqual([]);
    expect(deeds(ran)).toEqual([]);
  });

  // Both links were tied to it, and the leaver of the two took the profile of the other one with them.
  test('two who were invited with one address are not both tied to the one profile', () => {
    const ran = reconcile({
      people: [person({ anchor: 'new', email: 'ann@example.com' })],
      profiles: [profile({ id: 'P1' })],
      links: [link({ pending: true }), link({ id: 'new', pending: true, email: 'ANN@example.com' })],
      absences: { ann: { kind: 'gone' } },
      policy: { graceMs: 0 },
    });

    expect(ran.resolved).toEqual([]);
    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['new: waiting']);
  });

  test('of two pending, the one with the user id is tied to it', () => {
    const there = profile({ id: 'P1', userId: 7 });
    const pending = [link({ pending: true }), link({ id: 'b', pending: true, userId: there.userId })];
    for (const links of [pending, pending.toReversed()]) {
      expect(reconcile({ profiles: [there], links }).resolved.map((one) => one.anchor)).toEqual(['b']);
    }
  });

  test('and nobody else is tied to it by correlation meanwhile', () => {
    const ran = reconcile({
      people: [person({ anchor: 'bob', email: 'ann@example.com' })],
      profiles: [profile()],
      links: [link({ pending: true })],
    });

    expect(deeds(ran)).toEqual([]);
    expect(remarks(ran)).toEqual(['bob: conflict']);
  });
});

describe('what is said of somebody whose profile', () => {
  const told = (situation: Situation) => {
    const { operations, findings } = reconcile({ people: [person()], links: [link()], ...situation });
    return [...operations, ...findings].map(({ kind, reason }) => [kind, reason]);
  };

  test('was deleted by somebody else', () => {
    const gone = { unlisted: { 'P-ann': { kind: 'deleted' } } } as const;

    expect(told(gone)).toEqual([
      [
        'conflict',
        'Their profile was deleted in the org by somebody else, and is not made again (lifecycle.deletedInOrg: create would).',
      ],
    ]);
    expect(reconcile({ people: [person()], links: [link()], ...gone }).findings).toMatchObject([
      { conflict: { kind: 'deleted-in-org', profileId: 'P-ann' } },
    ]);
    expect(told({ ...gone, policy: { deletedInOrg: 'create' } })).toEqual([
      ['create', 'Their profile was deleted in the org.'],
    ]);
  });

  test('was blocked by somebody else', () => {
    expect(told({ profiles: [profile({ isActive: false })] })).toEqual([
      [
        'left',
        'Their profile was deactivated in the org by somebody else, and is not unblocked by a sync (lifecycle.reactivate: always would).',
      ],
    ]);
  });

  test('was blocked by Rollcall, and who is back', () => {
    const links = [link({ deactivatedByUs: true })];

    expect(told({ links, profiles: [profile({ isActive: false })] })).toEqual([
      ['reactivate', 'They are back: in scope and active in the source.'],
    ]);
  });

  test('differs in several attributes', () => {
    const people = [person({ desired: { title: 'Head', phone: '2' } })];

    expect(told({ people, profiles: [profile({ attributes: { title: 'Clerk', phone: '1' } })] })).toEqual([
      ['edit', 'The source and the profile differ in title, phone.'],
    ]);
  });
});
