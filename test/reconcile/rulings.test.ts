/** What an operator said about one person goes before every rule, and no further than they said. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCase, manyCases, situationOf } from '../builders/generated.ts';
import { link, profile, profileId } from '../builders/org.ts';
import { anchor, leaver, person, skipped, sourceId } from '../builders/people.ts';
import { ruling } from '../builders/ruling.ts';
import { deeds, onlyOperation, type Ran, reconcile, remarks } from '../builders/run.ts';

const kindsOfConflict = (ran: Ran): readonly string[] =>
  ran.findings.flatMap((one) => (one.kind === 'conflict' ? [`${one.anchor}: ${one.conflict.kind}`] : []));

const other = profile({ id: 'P-old', email: 'old@example.com' });

describe('somebody of whom an operator said which profile is theirs', () => {
  test('adopts it, although no rule finds it, and the reason names the operator and their reason', () => {
    const ran = reconcile({ people: [person()], profiles: [other], rulings: [ruling('ann', 'P-old')] });

    expect(onlyOperation(ran)).toMatchObject({
      kind: 'adopt',
      profileId: 'P-old',
      after: { email: 'ann@example.com' },
      reason: 'This profile is theirs: cli:olga said so: "HR told me.".',
    });
  });

  test('goes before somebody else whom a rule finds it for', () => {
    const people = [person({ anchor: 'ann' }), person({ anchor: 'bob', email: 'old@example.com' })];
    const ran = reconcile({ people, profiles: [other], rulings: [ruling('ann', 'P-old')] });

    expect(deeds(ran)).toEqual(['ann: adopt']);
    expect(kindsOfConflict(ran)).toEqual(['bob: profile-of-two-people']);
  });

  test('is tied to it in place of the one that they had', () => {
    const profiles = [profile({ id: 'P-ann', email: 'second@example.com' }), other];
    const ran = reconcile({
      people: [person()],
      profiles,
      links: [link()],
      rulings: [ruling('ann', 'P-old')],
    });

    expect(onlyOperation(ran)).toMatchObject({ kind: 'adopt', profileId: 'P-old' });
  });

  test('waits where the source says that they left: nobody who left is given anything', () => {
    const ran = reconcile({ people: [leaver()], profiles: [other], rulings: [ruling('ann', 'P-old')] });

    expect(ran.operations).toEqual([]);
  });

  test('is in conflict where the profile is the own account, is gone, or is of another source', () => {
    const rulings = [ruling('ann', 'P-old')];
    const people = [person()];
    const holder = { source: sourceId('cloud'), anchor: anchor('x'), label: 'Xenia' };
    const foreignHolders = new Map([[profileId('P-old'), holder]]);
    const own = { ownProfile: profileId('P-old') };
    for (const ran of [
      reconcile({ people, rulings, profiles: [other], policy: own }),
      reconcile({ people, rulings, unlisted: { 'P-old': { kind: 'deleted' } } }),
      reconcile({ people, rulings, profiles: [other], foreignHolders }),
    ]) {
      expect(ran.operations).toEqual([]);
      expect(kindsOfConflict(ran)).toEqual(['ann: ruling-not-possible']);
    }
  });

  test('adopts a profile that the listing lacks once it was asked for', () => {
    const rulings = [ruling('ann', 'P-old')];
    const there = { 'P-old': { kind: 'there', profile: other } } as const;

    expect(deeds(reconcile({ people: [person()], rulings, unlisted: there }))).toEqual(['ann: adopt']);
    expect(remarks(reconcile({ people: [person()], rulings }))).toEqual(['ann: waiting']);
  });

  test('is given no second profile with an address', () => {
    const profiles = [other, profile({ id: 'P-x', email: 'ann@example.com' })];
    const ran = reconcile({ people: [person()], profiles, rulings: [ruling('ann', 'P-old')] });

    expect(kindsOfConflict(ran)).toEqual(['ann: email-taken']);
  });
});

describe('a profile that was somebody else’s in the same source', () => {
  const before = link({ id: 'old', profileId: profileId('P-old'), deactivatedByUs: true });
  const blocked = profile({ id: 'P-old', email: 'ann@example.com', isActive: false });
  const rulings = [ruling('ann', 'P-old')];
  const rehire = { profiles: [blocked], links: [before], rulings };

  test('passes on when they are gone, as a look-up confirms although it is inactive, and is active again', () => {
    const ran = reconcile({ ...rehire, people: [person()], absences: { old: { kind: 'gone' } } });

    expect(ran.asked.missing).toEqual(['old']);
    expect(onlyOperation(ran)).toMatchObject({
      kind: 'adopt',
      anchor: 'ann',
      releases: 'old',
      after: { is_active: true },
      reason: expect.stringContaining('It was that of uid=old, who is gone'),
    });
  });

  test('passes on when they are a leaver, who is not deactivated in it any more', () => {
    const active = profile({ id: 'P-old', email: 'ann@example.com' });
    const ran = reconcile({ ...rehire, profiles: [active], people: [leaver('old'), person()] });

    expect(deeds(ran)).toEqual(['ann: adopt']);
    expect(remarks(ran)).toEqual(['old: left']);
  });

  test('stays theirs while they are there', () => {
    const active = profile({ id: 'P-old', email: 'old@example.com' });
    const people = [person({ anchor: 'old' }), person()];
    const ran = reconcile({ ...rehire, profiles: [active], people });

    expect(ran.operations).toEqual([]);
    expect(kindsOfConflict(ran)).toEqual(['ann: ruling-not-possible']);
  });

  test.each([
    ['their record is bad', { people: [person(), skipped('old')] }],
    ['the reading was incomplete', { people: [person()], incomplete: 'A page was cut short.' }],
    ['nobody can say', { people: [person()], absences: { old: { kind: 'unknown', reason: 'Busy.' } } }],
  ] as const)('stays theirs for now where %s', (_why, situation) => {
    const ran = reconcile({ ...rehire, ...situation });

    expect(ran.operations).toEqual([]);
    expect(remarks(ran)).toContain('ann: waiting');
  });

  test('stays theirs where they are to be left alone', () => {
    const ran = reconcile({
      ...rehire,
      people: [person(), leaver('old')],
      rulings: [...rulings, ruling('old')],
    });

    expect(ran.operations).toEqual([]);
    expect(kindsOfConflict(ran)).toEqual(['ann: ruling-not-possible']);
  });

  test('stays blocked where somebody else had blocked it', () => {
    const links = [link({ id: 'old', profileId: profileId('P-old') })];
    const absences = { old: { kind: 'gone' } } as const;
    const ran = reconcile({ ...rehire, links, people: [person()], absences });

    expect(onlyOperation(ran).after).not.toHaveProperty('is_active');
  });
});

describe('somebody who is to be left alone', () => {
  test.each([
    ['a joiner', [person()], [], []],
    ['a mover', [person({ desired: { title: 'Head' } })], [profile()], [link()]],
    ['a leaver', [leaver()], [profile()], [link()]],
    ['a rehire', [person()], [profile({ isActive: false })], [link({ deactivatedByUs: true })]],
    ['a bad record', [skipped()], [profile()], [link()]],
  ])('has nothing done to them, and is named: %s', (_what, people, profiles, links) => {
    const ran = reconcile({ people, profiles, links, rulings: [ruling('ann')] });

    expect(ran.operations).toEqual([]);
    expect(ran.findings).toEqual([
      expect.objectContaining({
        kind: 'left',
        anchor: 'ann',
        reason: expect.stringContaining('HR told me.'),
      }),
    ]);
  });

  test('is not deactivated when gone, and that is told', () => {
    const absences = { ann: { kind: 'gone' } } as const;
    const policy = { graceMs: 0 };
    const ran = reconcile({
      profiles: [profile()],
      links: [link()],
      absences,
      policy,
      rulings: [ruling('ann')],
    });

    expect(ran.operations).toEqual([]);
    expect(ran.findings[0]?.reason).toContain('They would be deactivated.');
  });

  test('lays no claim to an address that somebody else has too', () => {
    const people = [person({ email: 'x@example.com' }), person({ anchor: 'bob', email: 'x@example.com' })];

    expect(deeds(reconcile({ people, rulings: [ruling('ann')] }))).toEqual(['bob: create']);
  });
});

describe('whatever the directory and the org', () => {
  test('nothing is done to those who are to be left alone, and each is named once', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const ran = reconcile(situationOf(given));
        for (const { kind, anchor: id } of given.rulings) {
          if (kind !== 'ignore') continue;
          expect(ran.operations.filter((one) => one.anchor === id || one.releases === id)).toEqual([]);
          expect(ran.findings.filter((one) => one.anchor === id)).toHaveLength(1);
        }
      }),
      manyCases,
    );
  });

  test('a tie ends only by a ruling or the same employee number, and only that of somebody who left or is gone by a look-up', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const people = new Map(given.people.map((one) => [one.anchor, one.kind]));
        for (const { kind, anchor: id, profileId: of, releases } of reconcile(situationOf(given))
          .operations) {
          if (releases === undefined) continue;
          const said = given.rulings.find((one) => one.anchor === id);
          const numberOf = given.people.find((one) => one.anchor === id)?.employeeNumber;
          const former = given.model.links.find((one) => one.anchor === releases);
          const isSamePerson =
            given.policy.correlation.includes('employee-number') &&
            numberOf !== undefined &&
            former?.employeeNumber === numberOf;

          expect(kind).toBe('adopt');
          if (!isSamePerson) expect(said).toMatchObject({ kind: 'adopt', profileId: of });
          const seen = people.get(releases);
          expect(seen === 'leaver' || (seen === undefined && given.absences[releases]?.kind === 'gone')).toBe(
            true,
          );
        }
      }),
      manyCases,
    );
  });
});

test('two who are both said to have one profile get neither, and are told of each other', () => {
  const people = [person({ anchor: 'ann' }), person({ anchor: 'bob' })];
  const rulings = [ruling('ann', 'P-old'), ruling('bob', 'P-old')];

  const ran = reconcile({ people, profiles: [other], rulings });

  expect(ran.operations).toEqual([]);
  expect(kindsOfConflict(ran).toSorted()).toEqual([
    'ann: profile-of-two-people',
    'bob: profile-of-two-people',
  ]);
});
