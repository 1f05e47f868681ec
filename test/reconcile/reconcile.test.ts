/** A whole pass: what it counts, to whom of other sources it yields, and who comes last. */
import { describe, expect, test } from 'vitest';
import type { Holder } from '../../src/reconcile/index.ts';
import type { Claim } from '../../src/store/people/claim.ts';
import { link, profile, profileId } from '../builders/org.ts';
import { anchor, leaver, person, skipped, sourceId } from '../builders/people.ts';
import { ruling } from '../builders/ruling.ts';
import { after, deeds, hours, noon, onlyOperation, reconcile } from '../builders/run.ts';

test('counts everybody who is shown, who is in scope, and for whom there is nothing to do', () => {
  const people = [
    person(),
    person({ anchor: 'bob', desired: { title: 'Head' } }),
    leaver('eve'),
    skipped('joe'),
  ];
  const profiles = [profile(), profile({ id: 'P-bob', email: 'bob@example.com' })];

  const { counts } = reconcile({ people, profiles, links: [link(), link({ id: 'bob' })] });

  expect(counts).toEqual({ identities: 4, inScope: 2, unchanged: 2, linkedActive: 2 });
});

test('has somebody looked at again on the day on which they leave', () => {
  const leavesAt = after(noon, hours(48));
  const people = [{ ...person(), leavesAt }];

  expect(reconcile({ people, profiles: [profile()], links: [link()] }).revisits).toEqual([
    { anchor: 'ann', notBefore: leavesAt },
  ]);
});

test('has whoever waits for a look-up looked at again when their time of grace is over', () => {
  const links = [link({ absentSince: noon })];

  expect(reconcile({ profiles: [profile()], links, absences: { ann: { kind: 'gone' } } }).revisits).toEqual([
    { anchor: 'ann', notBefore: after(noon, hours(24)) },
  ]);
});

test('takes a profile without an address for nobody’s claim to one', () => {
  const address = 'shared@example.com';
  const people = [person({ email: address }), person({ anchor: 'bob', email: address })];
  const { findings } = reconcile({ people, profiles: [{ ...profile(), email: undefined }], links: [link()] });

  expect(findings.map((one) => one.kind)).toEqual(['conflict', 'conflict']);
});

test('yields to the source that has a leaver too, and says to whom of it', () => {
  const claim: Claim = {
    source: sourceId('hr'),
    anchor: anchor('ann-in-hr'),
    label: 'CN=Ann',
    isSamePerson: true,
    at: noon,
  };
  const given = { people: [leaver()], profiles: [profile()], links: [link()] };

  expect(reconcile({ ...given, claims: new Map([[profileId('P-ann'), claim]]) }).yieldedTo).toEqual([claim]);
  expect(reconcile(given).yieldedTo).toEqual([]);
});

describe('people with one employee number', () => {
  const holder = (about: Partial<Holder>): Holder => ({
    source: sourceId('corp'),
    anchor: anchor('old'),
    label: 'uid=old',
    employeeNumber: '7',
    ...about,
  });
  const numbered = { correlation: ['employee-number' as const], sources: [sourceId('corp'), sourceId('hr')] };
  const ann = person({ employeeNumber: '7' });
  const old = profile({ id: 'P-old', email: 'old@example.com', attributes: { title: 'Clerk' } });
  const offers = new Map([[profileId('P-old'), [{ source: sourceId('hr'), attributes: { title: 'Head' } }]]]);
  const precedence = new Map([['title', [sourceId('hr'), sourceId('corp')]]]);

  test('a rehire has the values that other sources give, too', () => {
    const ran = reconcile({
      people: [ann, leaver('old')],
      profiles: [old],
      links: [link({ id: 'old', employeeNumber: '7' })],
      offers,
      policy: { ...numbered, precedence },
    });

    expect(ran.operations).toMatchObject([{ kind: 'adopt', after: { title: 'Head' } }]);
  });

  test('who comes from another source has what this one tells', () => {
    const ran = reconcile({
      people: [ann],
      profiles: [old],
      foreignHolders: new Map([[old.profileId, holder({ source: sourceId('hr') })]]),
      offers,
      policy: { ...numbered, precedence },
    });

    expect(onlyOperation(ran).after).toEqual({ email: 'ann@example.com' });
    expect(ran.claims).toMatchObject([{ anchor: 'ann', profileId: 'P-old', isSamePerson: true }]);
  });

  test('or with one address, where that says so: the reason names by what they are known', () => {
    const ran = reconcile({
      people: [person({ email: 'old@example.com' })],
      profiles: [old],
      foreignHolders: new Map([
        [old.profileId, holder({ source: sourceId('hr'), employeeNumber: undefined })],
      ]),
      policy: { ...numbered, correlation: ['email'], handOver: 'correlation' },
    });

    expect(onlyOperation(ran).reason).toContain('Their profile P-old passes to this source, by their email:');
  });

  test('a rehire waits while nobody can say whether the other id is gone', () => {
    const { findings } = reconcile({
      people: [ann],
      profiles: [old],
      links: [link({ id: 'old', employeeNumber: '7' })],
      absences: { old: { kind: 'unknown', reason: 'It was busy.' } },
      policy: numbered,
    });

    expect(findings.find((one) => one.anchor === 'ann')).toMatchObject({
      kind: 'waiting',
      reason:
        'Their employee number 7 leads to profile P-old. They wait: nobody can say whether uid=old, who has the profile now, is gone. It was busy.',
    });
  });

  test('nobody takes over the account of Rollcall’s own key', () => {
    const { operations } = reconcile({
      people: [ann],
      profiles: [old],
      foreignHolders: new Map([[old.profileId, holder({ source: sourceId('hr') })]]),
      policy: { ...numbered, ownProfile: old.profileId },
    });

    expect(deeds({ ...reconcile({}), operations })).toEqual(['ann: create']);
  });

  test('whose profile was deleted is not their own predecessor', () => {
    const ran = reconcile({
      people: [ann],
      links: [link({ employeeNumber: '7' })],
      unlisted: { 'P-ann': { kind: 'deleted' } },
      policy: { ...numbered, deletedInOrg: 'create' },
    });

    expect(onlyOperation(ran).kind).toBe('create');
  });

  test('whose profile turns out to be deleted has that of their other id, of this source or another', () => {
    for (const source of [sourceId('corp'), sourceId('hr')]) {
      const ran = reconcile({
        people: [ann, leaver('old')],
        profiles: [old],
        links: [
          link({ employeeNumber: '7' }),
          ...(source === 'corp' ? [link({ id: 'old', employeeNumber: '7' })] : []),
        ],
        foreignHolders:
          source === 'corp' ? new Map() : new Map([[old.profileId, holder({ source, anchor: ann.anchor })]]),
        unlisted: { 'P-ann': { kind: 'deleted' } },
        policy: { ...numbered, deletedInOrg: 'create' },
      });

      expect(ran.operations).toMatchObject([{ kind: 'adopt', anchor: 'ann', profileId: 'P-old' }]);
    }
  });

  test('a profile that was only now found to be somebody’s is theirs, and passes on with their name', () => {
    const ran = reconcile({
      people: [ann, leaver('old')],
      profiles: [profile({ id: 'P-new', email: 'old@example.com', isActive: false })],
      links: [link({ id: 'old', pending: true, employeeNumber: '7' })],
      policy: numbered,
    });

    expect(ran.operations).toMatchObject([{ kind: 'adopt', profileId: 'P-new', releases: 'old' }]);
    expect(ran.operations[0]?.reason).toContain('profile P-new was that of uid=old, who is gone.');
    expect(ran.operations[0]?.after).not.toHaveProperty('is_active');
  });
});

test('of whoever is left alone it is told what would be done only where that is a deactivation', () => {
  const word = 'They are left alone (cli:olga said so: "HR told me."); `rollcall unignore` ends that.';
  const given = { profiles: [profile()], links: [link()], rulings: [ruling('ann')] };

  expect(reconcile({ ...given, people: [leaver()] }).findings[0]?.reason).toBe(
    `The account is disabled in the source. They would be deactivated. ${word}`,
  );
  expect(reconcile({ people: [], rulings: [ruling('ann')] }).findings[0]?.reason).toBe(word);
  const inactive = [profile({ isActive: false })];
  const links = [link({ deactivatedByUs: true, deactivatedAt: noon })];
  const purged = { ...given, links, profiles: inactive, policy: { purgeBefore: noon }, people: [leaver()] };
  expect(reconcile(purged).findings[0]?.reason).toBe(word);
});
