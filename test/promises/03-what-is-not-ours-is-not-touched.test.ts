/** Promise 3, where it is kept: in the comparison, which proposes nothing for what is not ours; and against a real org. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleAdoption } from '../../src/plan/index.ts';
import { anyCase, type Case, situationOf } from '../builders/generated.ts';
import { carryOut } from '../builders/model.ts';
import { link, profile, profileId } from '../builders/org.ts';
import { anchor, leaver, person, sourceId } from '../builders/people.ts';
import { deeds, noon, reconcile } from '../builders/run.ts';
import { install, people } from '../engine/installation.ts';

const byHand = profile({ id: 'P-hand', email: 'hand@example.com', attributes: { title: 'Made by hand' } });

describe('a profile that nobody is linked to', () => {
  test('is not deactivated, although nobody in the directory is like it', () => {
    expect(reconcile({ people: [person()], profiles: [byHand] }).operations.map((one) => one.kind)).toEqual([
      'create',
    ]);
  });

  test('is not deactivated for a leaver who has its address', () => {
    expect(reconcile({ people: [leaver('hand')], profiles: [byHand] }).operations).toEqual([]);
  });

  test('is not adopted but by a configured rule', () => {
    const twin = person({ anchor: 'hand', desired: { username: 'hand', name: 'Hand' } });
    const profiles = [profile({ id: 'P-hand', email: 'other@example.com', username: 'hand' })];

    expect(deeds(reconcile({ people: [twin], profiles }))).toEqual(['hand: create']);
    expect(deeds(reconcile({ people: [twin], profiles: [byHand], policy: { correlation: [] } }))).toEqual([]);
  });

  test('gives no address of its own away', () => {
    const ran = reconcile({
      people: [person({ email: 'hand@example.com' })],
      profiles: [profile(), byHand],
      links: [link()],
    });

    expect(ran.operations).toEqual([]);
  });
});

test('a profile of another source is not touched by this one', () => {
  const holder = { source: sourceId('cloud'), anchor: anchor('x'), label: 'Xenia' };
  const foreignHolders = new Map([[profileId('P-hand'), holder]]);
  for (const people of [[person({ anchor: 'hand' })], [leaver('hand')], []])
    expect(reconcile({ people, profiles: [byHand], foreignHolders }).operations).toEqual([]);
});

test('a block by an administrator’s hand is not lifted', () => {
  const ran = reconcile({
    people: [person({ desired: { title: 'Head' } })],
    profiles: [profile({ isActive: false })],
    links: [link({ deactivatedByUs: false })],
  });

  expect(ran.operations).toEqual([]);
});

describe('whatever the directory and the org', () => {
  /** Profiles that no link names and no operation adopts. */
  const strangers = (given: Case, adopted: ReadonlySet<string | undefined>) => {
    const linked = new Set(given.model.links.map((one) => one.profileId));
    return given.model.profiles.filter((one) => !linked.has(one.profileId) && !adopted.has(one.profileId));
  };

  test('what is not linked and not adopted is as it was, and only a configured rule or an operator’s word adopts', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const plan = reconcile(situationOf(given));
        const adoptions = plan.operations.filter((one) => one.kind === 'adopt');
        const tied = new Set([...adoptions, ...plan.resolved].map((one) => one.profileId));
        const then = carryOut(given.model, plan, noon).profiles;

        for (const stranger of strangers(given, tied)) expect(then).toContain(stranger);
        for (const { anchor: id, profileId: of, reason } of adoptions) {
          const rule = given.policy.correlation.find(
            (one) => reason === `Their profile was found by ${one}.`,
          );
          const word = given.rulings.find(
            (one) => one.anchor === id && one.kind === 'adopt' && one.profileId === of,
          );
          const isSamePerson =
            reason.startsWith('They are back under another id') &&
            given.policy.correlation.includes('employee-number');
          expect(isSamePerson || (rule ?? word) !== undefined).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('an org that nothing is linked to loses nobody', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const unlinked = { ...given, model: { ...given.model, links: [] }, hidden: new Set<string>() };
        const kinds = new Set(reconcile(situationOf(unlinked)).operations.map((one) => one.kind));

        for (const kind of ['deactivate', 'edit', 'reactivate'] as const) expect(kinds).not.toContain(kind);
      }),
    );
  });
});

describe('in a real org, without a rule that adopts', () => {
  const config = { correlation: '[]', lifecycle: '{ grace: 0s, reactivate: always, deletedInOrg: create }' };

  test('what is linked to nobody is not touched, whatever happens to its like in the directory', async () => {
    await using here = await install({ people: 4, config });
    const joiner = here.person(0);
    const byHand = here.sandbox.addUser({ email: joiner.mail, username: 'by-hand', name: 'By Hand' });
    const blocked = here.sandbox.addUser({
      email: here.person(1).mail,
      username: 'blocked',
      is_active: false,
    });
    const asBefore = () => [byHand, blocked].map((user) => here.sandbox.find(user.profile.profile_id));
    const before = asBefore();

    const first = await here.sync();
    await here.publish(here.people.map((one) => ({ ...one, employeeType: 'left' as const })));
    await here.sync();
    await here.publish(here.people.slice(2));
    await here.sync();

    expect(asBefore()).toEqual(before);
    const kinds = (await here.findings(first.run.id)).map((one) => [one.email, one.conflict, one.profile_id]);
    expect(kinds.toSorted()).toEqual(
      [
        [joiner.mail, 'email-taken', byHand.profile.profile_id],
        [
          here.sandbox.find(blocked.profile.profile_id)?.profile.email,
          'email-taken',
          blocked.profile.profile_id,
        ],
      ].toSorted(),
    );
  });

  test('only the one of whom an operator spoke is adopted', async () => {
    await using here = await install({ people: 4, config });
    const [one, other] = [here.person(0), here.person(1)];
    const theirs = here.sandbox.addUser({ email: one.mail, username: 'theirs' });
    const stranger = here.sandbox.addUser({ email: other.mail, username: 'stranger' });
    const before = here.sandbox.find(stranger.profile.profile_id);
    const { store, api } = here.engine;
    const named = {
      source: people,
      anchor: anchor(one.entryUuid),
      label: one.uid,
      email: one.mail,
      seenAs: 'member',
    } as const;
    const word = { actor: 'cli:anna', reason: 'I asked her.' };
    const id = profileId(theirs.profile.profile_id);
    await ruleAdoption({ db: store.db, api }, named, id, word, async () => undefined, new Date());

    const end = await here.sync();

    const adopted = (await here.operations(end.run.id)).filter((operation) => operation.kind === 'adopt');
    expect(adopted).toMatchObject([
      { state: 'done', profile_id: id, reason: expect.stringContaining('I asked her.') },
    ]);
    expect(here.sandbox.find(stranger.profile.profile_id)).toEqual(before);
  });
});
