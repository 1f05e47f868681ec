/** An operator's word, from the command to the link, against a real org, PostgreSQL and Redis. */
import { describe, expect, test } from 'vitest';
import type { SamplePerson } from '../../src/cli/demo/sample-directory.ts';
import type { Anchor, Person } from '../../src/identity/index.ts';
import { planInvitation, ruleAdoption, ruleIgnored, takeBack } from '../../src/plan/index.ts';
import { operations } from '../../src/store/operations/operations.ts';
import { linkOf } from '../../src/store/people/links.ts';
import { rulings } from '../../src/store/people/rulings.ts';
import { profileId } from '../builders/org.ts';
import { anchor } from '../builders/people.ts';
import { type Installation, install, people } from '../engine/installation.ts';

const word = { actor: 'cli:anna', reason: 'HR told me.' };
const fresh = '11111111-2222-4333-8444-555555555555';

const named = (one: SamplePerson, seenAs: Person['kind'] = 'member') => ({
  source: people,
  anchor: anchor(one.entryUuid),
  label: `uid=${one.uid}`,
  email: one.mail,
  seenAs,
});

const profileOf = (here: Installation, one: SamplePerson) => {
  const user = here.sandbox.find(one.mail);
  if (user === undefined) throw new Error(`${one.mail} has no profile.`);
  return profileId(user.profile.profile_id);
};

const adopts = (
  here: Installation,
  one: SamplePerson,
  profile: string,
  seenAs: (who: Anchor) => Person['kind'] | undefined = () => undefined,
) => {
  const { store, api } = here.engine;
  return ruleAdoption(
    { db: store.db, api },
    named(one),
    profileId(profile),
    word,
    async (who) => seenAs(who),
    new Date(),
  );
};

const ignores = (here: Installation, one: SamplePerson, now = new Date()) =>
  ruleIgnored(here.engine.store.db, named(one), word, now);

const auditOf = (here: Installation, action: string) =>
  here.engine.store.db.selectFrom('audit').selectAll().where('action', '=', action).orderBy('seq').execute();

/** Everybody is synced, number 0 is deactivated and gone, and comes back under another id. */
async function rehired(here: Installation) {
  const old = here.person(0);
  await here.sync();
  const profile = profileOf(here, old);
  await here.publish(here.people.slice(1));
  await here.sync();
  const back = { ...old, entryUuid: fresh };
  await here.publish([back, ...here.people]);
  return { old, back, profile };
}

describe('a rehire under another id', () => {
  test('is in conflict until an operator says that the old profile is theirs, and has it then', async () => {
    await using here = await install();
    const { old, back, profile } = await rehired(here);
    const effects = here.effects();

    const before = await here.sync();
    expect(before.counts).toEqual(new Map());
    expect(await here.findings(before.run.id)).toMatchObject([
      { kind: 'conflict', conflict: 'email-held-by-other-person', profile_id: profile, anchor: fresh },
    ]);
    expect(await adopts(here, back, profile)).toEqual({ kind: 'ruled', superseded: 0 });
    const end = await here.sync();

    expect(await here.operations(end.run.id)).toMatchObject([
      { kind: 'adopt', state: 'done', profile_id: profile, releases: old.entryUuid },
    ]);
    expect(here.effects().slice(effects.length)).toEqual([`reactivated ${old.mail}`]);
    const { db } = here.engine.store;
    expect(await linkOf(db, people, anchor(old.entryUuid))).toBeUndefined();
    expect((await linkOf(db, people, anchor(fresh)))?.profileId).toBe(profile);
    expect(await rulings(db)).toEqual([]);
    expect(await auditOf(here, 'link.released')).toMatchObject([
      { anchor: old.entryUuid, profile_id: profile, reason: expect.stringContaining('HR told me.') },
    ]);
    expect((await here.sync()).counts).toEqual(new Map());
  });

  test('gets nothing where the word is taken back before a run', async () => {
    await using here = await install();
    const { back, profile } = await rehired(here);
    await adopts(here, back, profile);
    const { db } = here.engine.store;
    const [ruling] = await rulings(db);
    if (ruling === undefined) throw new Error('Nothing was ruled.');

    expect(await takeBack(db, ruling, word, new Date())).toBe(true);

    expect((await here.sync()).counts).toEqual(new Map());
    expect(await auditOf(here, 'ruling.taken-back')).toHaveLength(1);
  });

  test('gets nothing where the word is taken back before the plan is approved', async () => {
    await using here = await install();
    const { back, profile } = await rehired(here);
    await adopts(here, back, profile);
    const plan = await here.plan();
    const { db } = here.engine.store;
    const [ruling] = await rulings(db);
    if (ruling === undefined) throw new Error('Nothing was ruled.');
    await takeBack(db, ruling, word, new Date());

    expect(await here.approve(plan)).toMatchObject({ kind: 'refused' });
    expect(await operations(db, { run: plan })).toMatchObject([{ kind: 'adopt', state: 'superseded' }]);
  });
});

describe('an adoption', () => {
  test('of a profile made by hand ties it, whatever its address was', async () => {
    await using here = await install({ people: 3 });
    await here.sync();
    const joiner = { ...here.person(0), uid: 'new', mail: 'new@example.org', entryUuid: fresh };
    const byHand = here.sandbox.addUser({ email: 'other@example.org', username: 'other' });
    await here.publish([joiner, ...here.people]);
    await adopts(here, joiner, byHand.profile.profile_id);

    const end = await here.sync();

    expect(await here.operations(end.run.id)).toMatchObject([{ kind: 'adopt', state: 'done' }]);
    expect(here.sandbox.find(byHand.profile.profile_id)?.profile.email).toBe('new@example.org');
    expect((await here.sync()).counts).toEqual(new Map());
  });

  test('is refused with a sentence where it can’t or must not be', async () => {
    await using here = await install({ people: 3 });
    await here.sync();
    const [one, two] = [here.person(0), here.person(1)];
    const { api } = here.engine;
    const sentence = async (outcome: ReturnType<typeof adopts>) => {
      const given = await outcome;
      return given.kind === 'refused' ? given.sentence : 'Not refused.';
    };

    expect(await sentence(adopts(here, one, 'nowhere'))).toContain('There is no profile nowhere');
    expect(await sentence(adopts(here, one, (await api.whoAmI()).profileId))).toContain('own API key');
    expect(await sentence(adopts(here, one, profileOf(here, one)))).toContain('theirs already');
    expect(await sentence(adopts(here, one, profileOf(here, two), () => 'member'))).toContain(
      'there and active',
    );
    await ignores(here, one);
    expect(await sentence(adopts(here, one, profileOf(here, two)))).toContain('to be left alone');
    expect(await auditOf(here, 'ruling.made')).toHaveLength(1);
  });
});

describe('somebody who is to be left alone', () => {
  test('is neither edited nor deactivated nor made active, and each run says so', async () => {
    await using here = await install({ people: 4 });
    await here.sync();
    const { mail } = here.person(0);
    await ignores(here, here.person(0));
    const effects = here.effects();

    await here.publish(here.people.map((one, at) => (at === 0 ? { ...one, title: 'Head' } : one)));
    const moved = await here.sync();
    await here.publish(here.people.map((one, at) => (at === 0 ? { ...one, employeeType: 'left' } : one)));
    const left = await here.sync();
    await here.publish(here.people.slice(1));
    const gone = await here.sync();

    for (const { run, counts } of [moved, left, gone]) {
      expect(counts).toEqual(new Map());
      expect((await here.findings(run.id)).map(({ kind, email }) => [kind, email])).toEqual([['left', mail]]);
    }
    expect(here.effects()).toEqual(effects);
  });

  test('has what waits for them dropped', async () => {
    await using here = await install({ people: 4 });
    const run = await here.release();

    expect(await ignores(here, here.person(0))).toEqual({ kind: 'ruled', superseded: 1 });
    await here.carryOut(run);

    expect(here.sandbox.find(here.person(0).mail)).toBeUndefined();
    expect(here.sandbox.find(here.person(1).mail)).toBeDefined();
  });
});

describe('an invitation that is not accepted', () => {
  const lifecycle = (invite: string) => ({
    lifecycle: `{ onboard: invite, invite: { role: User, ${invite} } }`,
  });
  const mails = (here: Installation) => here.sandbox.invitations.map((one) => one.mails.length);
  const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

  test('is sent again by rule once it has expired, at most so many times', async () => {
    await using here = await install({
      people: 1,
      config: lifecycle('expires: 1s, again: once-expired, atMost: 2'),
    });
    await here.sync();
    await wait(1_100);
    await here.sync();
    expect(mails(here)).toEqual([2]);
    await wait(1_100);
    const last = await here.sync();

    expect(mails(here)).toEqual([2]);
    expect((await here.findings(last.run.id))[0]?.reason).toContain('lifecycle.invite.atMost allows 2');
  });

  test('is not sent again before it has expired, nor where no rule says so', async () => {
    await using patient = await install({ people: 1, config: lifecycle('again: once-expired') });
    await patient.sync();
    await patient.sync();
    expect(mails(patient)).toEqual([1]);

    await using never = await install({ people: 1, config: lifecycle('expires: 1ms') });
    await never.sync();
    const second = await never.sync();
    expect(mails(never)).toEqual([1]);
    expect((await never.findings(second.run.id))[0]?.reason).toContain('rollcall invite-again');
  });

  test('is sent again by hand, not more often than the set number, and not to whoever has accepted', async () => {
    await using here = await install({ people: 2, config: lifecycle('atMost: 2') });
    await here.sync();
    const { db } = here.engine.store;
    const again = (index: number) => {
      const { mail: email, entryUuid, uid: label } = here.person(index);
      const member = { kind: 'member', anchor: anchor(entryUuid), label, email, desired: { email } } as const;
      const policy = { onboard: 'invite', atMost: 2 } as const;
      return planInvitation(db, people, member, word, policy, new Date());
    };
    const mailsTo = (index: number) =>
      here.sandbox.invitations.find((one) => one.email === here.person(index).mail)?.mails.length;

    const run = await again(0);
    await expect(again(0)).rejects.toThrow(/is under way/);
    await here.carryOut(run);
    await expect(again(0)).rejects.toThrow(/was invited 2 times/);
    here.sandbox.acceptInvitation(here.person(1).mail);
    await here.sync();

    await expect(again(1)).rejects.toThrow(/has accepted/);
    expect([mailsTo(0), mailsTo(1)]).toEqual([2, 1]);
  });
});
