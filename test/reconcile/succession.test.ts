/** People who have a profile by another source, or by another id of the same one. */
import { describe, expect, test } from 'vitest';
import type { Holder } from '../../src/reconcile/index.ts';
import { link, profile, profileId, userId } from '../builders/org.ts';
import { anchor, leaver, person, sourceId } from '../builders/people.ts';
import { after, hours, noon, onlyOperation, reconcile, type Situation } from '../builders/run.ts';

const [hr, corp] = [sourceId('hr'), sourceId('corp')];
const ann = profile({ attributes: { title: 'Clerk' } });

const inHr: Holder = {
  source: hr,
  anchor: anchor('ann-in-hr'),
  label: 'CN=Ann',
  employeeNumber: '7',
  awaySince: undefined,
  deactivatedByUs: false,
};

/** Ann of corp, whose profile is tied to hr. */
const between = ({ holder = {}, policy = {}, ...more }: Situation & { holder?: Partial<Holder> } = {}) =>
  reconcile({
    people: [person({ employeeNumber: '7', desired: { title: 'Head' } })],
    profiles: [ann],
    foreignHolders: new Map([[ann.profileId, { ...inHr, ...holder }]]),
    policy: { correlation: ['employee-number'], sources: [corp, hr], ...policy },
    ...more,
  });
const toldIn = (ran: ReturnType<typeof between>) => {
  expect(ran.operations).toEqual([]);
  return ran.findings.map(({ kind, reason }) => [kind, reason]);
};

describe('whoever another source has', () => {
  test('passes to the source that goes before it, which ends the tie there', () => {
    expect(onlyOperation(between())).toMatchObject({
      kind: 'adopt',
      profileId: 'P-ann',
      reason:
        'Their profile P-ann passes to this source, by their employee number 7: CN=Ann had it in source hr, which comes after this one.',
      before: { title: 'Clerk' },
      after: { title: 'Head' },
      releases: 'ann-in-hr',
      releasesSource: 'hr',
    });
  });

  test.each([
    ['goes before this one', [hr, corp]],
    ['is as far back as this one', []],
  ])('stays where that source %s, and it is told', (_what, sources) => {
    expect(toldIn(between({ policy: { sources } }))).toEqual([
      [
        'left',
        'Source hr, which goes before this one, has them as CN=Ann. They are its own until it loses them; then their profile passes to this source.',
      ],
    ]);
  });

  test('passes to this source whatever the order once that source has lost them', () => {
    const awaySince = after(noon, -hours(2));

    expect(
      onlyOperation(between({ holder: { awaySince }, policy: { sources: [hr, corp] } })).reason,
    ).toContain('which says since 2026-03-02T10:00:00.000Z that they left or are gone.');
  });

  test('passes to this source where that source is not configured any more', () => {
    expect(onlyOperation(between({ policy: { sources: [corp] } })).kind).toBe('adopt');
  });

  test.each([
    ['this source alone', [[corp]], ' This one goes first for title (precedence).'],
    ['this source, before the other', [[corp, hr]], ' This one goes first for title (precedence).'],
    ['the other, before this one', [[hr, corp]], ''],
    ['the other alone', [[hr]], ''],
  ] as const)('is told of the attributes that are taken from here: named is %s', (_who, [
    order,
  ], sentence) => {
    const policy = { sources: [hr, corp], precedence: new Map([['title', [...order]]]) };

    expect(toldIn(between({ policy }))).toEqual([
      ['left', expect.stringMatching(new RegExp(`this source[.]${sentence.replaceAll(/[().]/g, '[$&]')}$`))],
    ]);
  });

  test('does not pass on while a word stands that they have left', () => {
    expect(toldIn(between({ holder: { hasDeparted: true } }))).toEqual([
      [
        'left',
        'They were CN=Ann of source hr, of whom it was said that they left, and that word stands. Take it back (`rollcall reinstate`), and the next run gives them their profile again.',
      ],
    ]);
  });

  test('is a conflict where the profile was deleted by somebody else', () => {
    const ran = between({ profiles: [], unlisted: { 'P-ann': { kind: 'deleted' } } });

    expect(ran.findings).toMatchObject([
      {
        conflict: { kind: 'deleted-in-org', profileId: 'P-ann' },
        reason:
          'Their profile P-ann, which CN=Ann of source hr had (the same employee number 7), was deleted in the org by somebody else, and is not made again.',
      },
    ]);
  });

  test.each([
    ['ours', true, true],
    ['ours', false, false],
    ['always', false, true],
    ['never', true, false],
  ] as const)('becomes active again where the block is ours or all of them end (%s, %s)', (reactivate, deactivatedByUs, isBack) => {
    const ran = between({
      profiles: [profile({ isActive: false })],
      holder: { deactivatedByUs },
      policy: { reactivate },
    });

    const { before, after: set } = onlyOperation(ran);
    expect([before.is_active, set.is_active]).toEqual(isBack ? [false, true] : [undefined, undefined]);
  });
});

describe('whether two are one person', () => {
  const decided = (own: string | undefined, other: string | undefined, policy: Situation['policy']) =>
    between({
      people: [person(own === undefined ? {} : { employeeNumber: own })],
      holder: { employeeNumber: other },
      policy: { sources: [corp, hr], ...policy },
    }).operations.some(({ kind }) => kind === 'adopt');

  test.each([
    // own number, the other's, handed over by, correlation, one person
    ['7', '7', 'employee-number', ['employee-number'], true],
    ['7', '8', 'employee-number', ['employee-number', 'email'], false],
    ['7', '8', 'correlation', ['email'], false],
    ['7', '7', 'employee-number', ['email'], false],
    ['7', '7', 'correlation', ['email'], true],
    ['7', undefined, 'correlation', ['email'], true],
    [undefined, '7', 'correlation', ['email'], true],
    [undefined, undefined, 'correlation', ['email'], true],
    [undefined, undefined, 'employee-number', ['email'], false],
    ['7', undefined, 'employee-number', ['email', 'employee-number'], false],
  ] as const)('is told by numbers %s and %s, with %s, %j: %s', (own, other, handOver, correlation, isOne) => {
    expect(decided(own, other, { handOver, correlation })).toBe(isOne);
  });
});

describe('whoever is back under another id', () => {
  const former = link({
    id: 'old',
    employeeNumber: '7',
    profileId: ann.profileId,
    leftSince: after(noon, -hours(9)),
  });
  const back = (about: Situation = {}) =>
    reconcile({
      people: [person({ employeeNumber: '7' })],
      profiles: [profile()],
      links: [former],
      absences: { old: { kind: 'gone' } },
      policy: { correlation: ['employee-number'] },
      ...about,
    });

  test('has their profile again, and the old tie ends', () => {
    const ran = back();

    expect(ran.operations).toMatchObject([
      {
        kind: 'adopt',
        anchor: 'ann',
        releases: 'old',
        reason:
          'They are back under another id, by their employee number 7: profile P-ann was that of uid=old, who is gone. That tie ends with this.',
      },
    ]);
    expect(ran.operations[0]).not.toHaveProperty('releasesSource');
  });

  test('has it alone: whatever there was to do about the old id is told, and not done', () => {
    const ran = back({
      people: [person({ employeeNumber: '7' }), { ...leaver('old'), email: 'o@example.com' }],
    });

    expect(ran.operations.map(({ anchor: id, kind }) => [id, kind])).toEqual([['ann', 'adopt']]);
    expect(ran.findings).toEqual([
      {
        kind: 'left',
        anchor: 'old',
        label: 'uid=old',
        email: 'o@example.com',
        reason: 'Their profile P-ann passes to uid=ann. Nothing else is done to it for their sake.',
      },
    ]);
  });

  test('is nobody whom the source has under both ids', () => {
    const both = [
      person({ employeeNumber: '7' }),
      person({ anchor: 'old', employeeNumber: '7', email: 'o@example.com' }),
    ];

    expect(back({ people: both }).findings).toMatchObject([
      {
        conflict: { kind: 'same-employee-number', profileId: 'P-ann' },
        reason: expect.stringContaining('Their employee number 7 leads to profile P-ann.'),
      },
    ]);
  });
});

describe('profiles that links lack', () => {
  const pending = (id: string, about: Parameters<typeof link>[0] = {}) =>
    link({ id, pending: true, ...about });
  const resolved = (situation: Situation) =>
    reconcile(situation).resolved.map((one) => `${one.anchor}: ${one.profileId}`);

  test('are found for several people at once', () => {
    const profiles = [
      profile({ id: 'P-1', email: 'a@example.com' }),
      profile({ id: 'P-2', email: 'b@example.com' }),
    ];

    expect(resolved({ profiles, links: [pending('a'), pending('b')] })).toEqual(['a: P-1', 'b: P-2']);
  });

  test('are not guessed for those of whom no address is known', () => {
    expect(resolved({ profiles: [profile()], links: [pending('ann', { email: undefined })] })).toEqual([]);
  });

  test('are not those of another account that was made in their place', () => {
    const made = [profile({ userId: 9 })];

    expect(resolved({ profiles: made, links: [pending('ann', { userId: userId(8) })] })).toEqual([]);
    expect(resolved({ profiles: made, links: [pending('ann', { userId: userId(9) })] })).toEqual([
      'ann: P-ann',
    ]);
    expect(resolved({ profiles: made, links: [pending('ann')] })).toEqual(['ann: P-ann']);
    expect(resolved({ profiles: [profile()], links: [pending('ann', { userId: userId(8) })] })).toEqual([
      'ann: P-ann',
    ]);
  });

  test('are nobody else’s', () => {
    const foreignHolders = new Map([[profileId('P-ann'), inHr]]);

    expect(resolved({ profiles: [profile()], links: [pending('ann')], foreignHolders })).toEqual([]);
  });
});

describe('whoever leaves here and is in the scope of another source', () => {
  const claim = {
    source: hr,
    anchor: anchor('ann-in-hr'),
    label: 'CN=Ann',
    isSamePerson: true,
    at: after(noon, -hours(1)),
  };
  const leaves = (about: Situation = {}) =>
    reconcile({
      people: [leaver()],
      profiles: [profile()],
      links: [link()],
      claims: new Map([[profileId('P-ann'), claim]]),
      ...about,
    });
  const waits = [
    [
      'waiting',
      expect.stringContaining(
        ' But source hr has them in its scope as CN=Ann (seen 2026-03-02T11:00:00.000Z), and takes their profile over in its next run. It stays as it is.',
      ),
    ],
  ];

  test('is left to that one, and not deactivated in passing', () => {
    expect(toldIn(leaves())).toEqual(waits);
  });

  test('is not deleted either', () => {
    const links = [link({ deactivatedByUs: true, deactivatedAt: after(noon, -hours(1_000)) })];
    const policy = { purgeBefore: after(noon, -hours(720)) };

    expect(toldIn(leaves({ profiles: [profile({ isActive: false })], links, policy }))).toEqual(waits);
  });

  test('is still changed here while they are here', () => {
    const people = [person({ desired: { title: 'Head' } })];

    expect(onlyOperation(leaves({ people })).kind).toBe('edit');
  });
});
