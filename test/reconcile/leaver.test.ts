import { describe, expect, test } from 'vitest';
import { link, profile, profileId } from '../builders/org.ts';
import { leaver, person, skipped } from '../builders/people.ts';
import { after, deeds, hours, noon, onlyOperation, reconcile, remarks } from '../builders/run.ts';

describe('somebody of whom the source says that they left', () => {
  test.each(['disabled', 'out-of-scope'] as const)('is deactivated at once, with the reason (%s)', (why) => {
    const ran = reconcile({
      people: [leaver('ann', why)],
      profiles: [profile()],
      links: [link({ applied: { title: 'Head' } })],
    });

    expect(onlyOperation(ran)).toEqual({
      kind: 'deactivate',
      anchor: 'ann',
      label: 'uid=ann',
      email: 'ann@example.com',
      profileId: 'P-ann',
      reason: leaver('ann', why).reason,
      before: { is_active: true },
      after: { is_active: false },
      desired: { title: 'Head' },
    });
  });

  test('is not touched where nothing links them to a profile, although one has their address', () => {
    const ran = reconcile({ people: [leaver()], profiles: [profile()] });

    expect(ran.operations).toEqual([]);
    expect(ran.findings).toEqual([]);
  });

  test.each([
    ['inactive already', { profiles: [profile({ isActive: false })] }],
    ['deleted in the org', { unlisted: { 'P-ann': { kind: 'deleted' } } }],
  ] as const)('needs nothing where the profile is %s', (_, given) => {
    const ran = reconcile({ people: [leaver()], links: [link()], ...given });

    expect(ran.operations).toEqual([]);
    expect(ran.findings).toEqual([]);
  });

  test('is deactivated where the listing lacks the profile, but it is there by its id', () => {
    const ran = reconcile({
      people: [leaver()],
      links: [link()],
      unlisted: { 'P-ann': { kind: 'there', profile: profile() } },
    });

    expect(deeds(ran)).toEqual(['ann: deactivate']);
  });

  test('waits where nobody can say what became of the profile', () => {
    expect(remarks(reconcile({ people: [leaver()], links: [link()] }))).toEqual(['ann: waiting']);
  });

  test('is deactivated as soon as an invitation that they were sent is accepted', () => {
    const links = [link({ pending: true })];
    const before = reconcile({ people: [leaver()], links });
    const then = reconcile({ people: [leaver()], links, profiles: [profile()] });

    expect(remarks(before)).toEqual(['ann: waiting']);
    expect(before.findings[0]?.reason).toContain('invited');
    expect(onlyOperation(then)).toMatchObject({ kind: 'deactivate', profileId: 'P-ann' });
  });

  test('is not told to have been invited where they were created', () => {
    const ran = reconcile({ people: [leaver()], links: [link({ pending: true, origin: 'created' })] });

    expect(remarks(ran)).toEqual(['ann: waiting']);
    expect(ran.findings[0]?.reason).not.toContain('invit');
  });
});

describe('accounts that are never deactivated', () => {
  const links = [link({ email: 'as.linked@example.com' })];
  const profiles = [profile({ email: 'In.The.Org@Example.com' })];

  test.each([
    'P-ann',
    'as.linked@example.com',
    'in.the.org@example.com',
    'ann@example.com',
  ])('protected as %s: by profile id, or any of their addresses', (name) => {
    for (const people of [[leaver()], []]) {
      const ran = reconcile({
        people,
        profiles,
        links: people.length > 0 ? links : [link()],
        absences: { ann: { kind: 'gone' } },
        policy: { protected: new Set([name]), graceMs: 0 },
      });
      if (people.length === 0 && name === 'as.linked@example.com') continue;

      expect(ran.operations).toEqual([]);
      expect(remarks(ran)).toEqual(['ann: left']);
      expect(ran.findings[0]?.reason).toContain('guards.protected');
    }
  });

  test("the API key's own", () => {
    for (const people of [[leaver()], []]) {
      const ran = reconcile({
        people,
        profiles,
        links,
        absences: { ann: { kind: 'gone' } },
        policy: { ownProfile: profileId('P-ann'), graceMs: 0 },
      });

      expect(ran.operations).toEqual([]);
      expect(remarks(ran)).toEqual(['ann: left']);
    }
  });
});

describe('somebody who comes back', () => {
  const blocked = profile({ isActive: false, attributes: { title: 'Clerk' } });
  const ann = person({ desired: { title: 'Head' } });

  test.each([
    ['ours', true, true],
    ['ours', false, false],
    ['always', true, true],
    ['always', false, true],
    ['never', true, false],
    ['never', false, false],
  ] as const)('reactivate: %s, deactivated by us: %s, is unblocked: %s', (reactivate, deactivatedByUs, isUnblocked) => {
    const ran = reconcile({
      people: [ann],
      profiles: [blocked],
      links: [link({ deactivatedByUs, applied: { pin: 7 } })],
      policy: { reactivate },
    });

    if (isUnblocked) {
      expect(onlyOperation(ran)).toMatchObject({
        kind: 'reactivate',
        profileId: 'P-ann',
        before: { is_active: false, title: 'Clerk' },
        after: { is_active: true, title: 'Head' },
        desired: { pin: 7, ...ann.desired },
      });
    } else {
      expect(ran.operations).toEqual([]);
      expect(remarks(ran)).toEqual(['ann: left']);
    }
  });

  test('is not unblocked with an address that another profile has by now', () => {
    const ran = reconcile({
      people: [person({ email: 'bob@example.com' })],
      profiles: [blocked, profile({ id: 'P-bob', email: 'bob@example.com' })],
      links: [link({ deactivatedByUs: true })],
    });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: conflict']);
  });

  test('ends their absence, also where their record is bad', () => {
    const links = [link({ absentSince: noon })];
    for (const back of [ann, leaver(), skipped()]) {
      const ran = reconcile({ people: [back], profiles: [profile()], links });

      expect(ran.returned).toEqual(['ann']);
      expect(ran.newlyAbsent).toEqual([]);
    }
  });

  // Rollcall blocked them, an administrator unblocked and later blocked them by hand: that block looked like ours.
  test('and was unblocked by hand meanwhile: a later block is not taken for ours', () => {
    const links = [
      link({ deactivatedByUs: true }),
      link({ id: 'bob', deactivatedByUs: true }),
      link({ id: 'eve' }),
    ];
    const profiles = [
      profile(),
      profile({ id: 'P-bob', email: 'bob@example.com', isActive: false }),
      profile({ id: 'P-eve', email: 'eve@example.com' }),
    ];

    expect(reconcile({ profiles, links }).unblockedByOthers).toEqual(['ann']);
  });
});

describe('somebody whom a complete reading missed', () => {
  const links = [link()];
  const profiles = [profile()];
  const gone = { ann: { kind: 'gone' } } as const;

  test('is looked up by anchor first', () => {
    const ran = reconcile({ profiles, links });

    expect(ran.asked).toEqual({ missing: ['ann'], unlisted: [] });
    expect(ran.operations).toEqual([]);
    expect(ran.newlyAbsent).toEqual([]);
  });

  test('starts to be absent when the look-up says so, and waits for the grace to pass', () => {
    const ran = reconcile({ profiles, links, absences: gone });

    expect(ran.newlyAbsent).toEqual(['ann']);
    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: waiting']);
    expect(ran.findings[0]?.reason).toContain('2026-03-03T12:00:00.000Z');
  });

  test('is deactivated without a grace when the look-up says that the source itself calls them deleted', () => {
    const ran = reconcile({ profiles, links, absences: { ann: { kind: 'deleted' } } });

    expect(ran).toMatchObject({ newlyAbsent: ['ann'], newlyDeleted: ['ann'] });
    expect(deeds(ran)).toEqual(['ann: deactivate']);
    expect(ran.operations[0]?.reason).toContain('deleted in the source');
  });

  test('stays deleted when a later look-up knows nothing of them any more', () => {
    const ran = reconcile({
      profiles,
      links: [link({ absentSince: noon, deletedSince: noon })],
      absences: gone,
      now: noon,
    });

    expect(deeds(ran)).toEqual(['ann: deactivate']);
    expect(ran.newlyDeleted).toEqual([]);
  });

  test.each([
    [-1, []],
    [0, ['ann: deactivate']],
    [1, ['ann: deactivate']],
  ])('%i ms after the grace: %j', (ms, expected) => {
    const ran = reconcile({
      profiles,
      links: [link({ absentSince: noon })],
      absences: gone,
      now: after(noon, hours(24) + ms),
    });

    expect(deeds(ran)).toEqual(expected);
    expect(ran.newlyAbsent).toEqual([]);
  });

  test.each([
    ['the look-up finds them', { kind: 'still-there' }, 'left', ['ann']],
    ['the look-up finds nothing out', { kind: 'unknown', reason: 'The server is busy.' }, 'waiting', []],
  ] as const)('is kept where %s, however long the grace is over', (_, absence, remark, returned) => {
    const ran = reconcile({
      profiles,
      links: [link({ absentSince: noon })],
      absences: { ann: absence },
      now: after(noon, hours(1_000)),
    });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual([`ann: ${remark}`]);
    expect(ran.returned).toEqual(returned);
  });

  test('is kept without an answer, however long the grace is over', () => {
    const ran = reconcile({
      profiles,
      links: [link({ absentSince: noon })],
      now: after(noon, hours(1_000)),
    });

    expect(ran.operations).toEqual([]);
  });

  test.each([
    ['inactive', [profile({ isActive: false })], [link()]],
    ['not there yet', [], [link({ pending: true })]],
  ])('needs no look-up where the profile is %s', (_, given, own) => {
    expect(reconcile({ profiles: given, links: own }).asked).toEqual({ missing: [], unlisted: [] });
  });

  test('is deactivated where the listing lacks the profile, but it is there by its id', () => {
    const ran = reconcile({
      links,
      absences: gone,
      unlisted: { 'P-ann': { kind: 'there', profile: profile() } },
      policy: { graceMs: 0 },
    });

    expect(ran.asked).toEqual({ missing: ['ann'], unlisted: ['P-ann'] });
    expect(deeds(ran)).toEqual(['ann: deactivate']);
  });

  test('needs nothing where the profile was deleted', () => {
    const ran = reconcile({
      links,
      absences: gone,
      unlisted: { 'P-ann': { kind: 'deleted' } },
      policy: { graceMs: 0 },
    });

    expect(ran.operations).toEqual([]);
    expect(ran.findings).toEqual([]);
  });

  test('is not somebody whose record is bad', () => {
    const ran = reconcile({ people: [skipped()], profiles, links: [link({ absentSince: noon })] });

    expect(ran.asked.missing).toEqual([]);
    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toEqual(['ann: skipped']);
  });
});

test.each([
  ['the source’s', 'ann@source.example', 'ann@org.example', 'ann@source.example'],
  ['else the org’s', undefined, 'ann@org.example', 'ann@org.example'],
  ['else the one that is remembered', undefined, undefined, 'ann@example.com'],
])('a leaver is named by an address: %s', (_whose, email, shown, named) => {
  const listed = { ...profile(), email: shown };
  const given = { profiles: [listed], links: [link()] };

  expect(onlyOperation(reconcile({ ...given, people: [{ ...leaver(), email }] })).email).toBe(named);
});

test('why somebody waits is said: no profile is known yet, and how they came to be linked makes a difference', () => {
  const reasonOf = (origin: 'created' | 'invited') =>
    reconcile({ people: [leaver()], links: [link({ pending: true, origin })] }).findings.map(
      ({ reason }) => reason,
    );

  expect(reasonOf('created')).toEqual([
    'They left, but their profile is not in the listing yet. They are deactivated when it is.',
  ]);
  expect(reasonOf('invited')).toEqual([expect.stringContaining('An invitation cannot be withdrawn')]);
});

describe('somebody who is gone for less than the grace', () => {
  const gone = {
    links: [link({ absentSince: after(noon, -hours(1)) })],
    absences: { ann: { kind: 'gone' } },
  } as const;

  test('is told with the time at which they will be deactivated', () => {
    expect(reconcile({ ...gone, profiles: [profile()] }).findings.map(({ reason }) => reason)).toEqual([
      'They are gone from the source since 2026-03-02T11:00:00.000Z, and will be deactivated after 2026-03-03T11:00:00.000Z if they stay away.',
    ]);
  });

  test.each([
    ['inactive', { profiles: [profile({ isActive: false })] }],
    ['deleted', { unlisted: { 'P-ann': { kind: 'deleted' } } }],
    ['not to be found', {}],
  ] as const)('is not told where their profile is %s', (_what, given) => {
    const { operations, findings } = reconcile({ ...gone, ...given });

    expect([...operations, ...findings]).toEqual([]);
  });
});

test('somebody who is gone for longer than the grace is deactivated, and the reason says since when', () => {
  const links = [link({ absentSince: after(noon, -hours(25)) })];
  const ran = reconcile({ links, profiles: [profile()], absences: { ann: { kind: 'gone' } } });

  expect(onlyOperation(ran).reason).toBe(
    'They are gone from the source since 2026-03-01T11:00:00.000Z; a look-up confirmed it.',
  );
});
