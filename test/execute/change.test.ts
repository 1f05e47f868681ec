/** Edit, deactivate, reactivate and adopt, while the org changes under our hands. */
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { markLeft, renamePerson } from '../../src/cli/demo/changes.ts';
import type { SamplePerson } from '../../src/cli/demo/sample-directory.ts';
import type { WaitEnd } from '../../src/engine/index.ts';
import type { OperationId } from '../../src/store/operations/operation.ts';
import { linksOf } from '../../src/store/people/links.ts';
import { type Installation, install, people } from '../engine/installation.ts';
import { retryThem } from './retry.ts';

const set = (here: Installation, index: number, changed: Partial<SamplePerson>) =>
  here.publish(here.people.map((one, at) => (at === index ? { ...one, ...changed } : one)));

const leave = (here: Installation, index: number) =>
  here.publish(markLeft(here.people, here.person(index).uid));

const outcomes = async (here: Installation, end: WaitEnd) =>
  (await here.operations(end.run.id)).map(({ kind, state, message }) => ({ kind, state, message }));

/** Three people who are in the org already, as the directory tells. */
const settled = async (options: Parameters<typeof install>[0] = {}) => {
  const here = await install({ people: 3, ...options });
  await here.sync();
  return here;
};

describe('an edit', () => {
  test('changes what it is about and keeps everything else, what is never returned included', async () => {
    await using here = await settled();
    const { mail } = here.person(0);
    here.sandbox.editUser(mail, {
      customer_id: ['c1'],
      customer_entity_id: [7],
      last_loggged_in: 'yesterday',
    });
    const before = here.sandbox.find(mail);
    await set(here, 0, { title: 'Captain' });

    const end = await here.sync();

    const after = here.sandbox.find(mail);
    expect(await outcomes(here, end)).toMatchObject([{ kind: 'edit', state: 'done' }]);
    expect(after?.profile).toEqual(before?.profile);
    expect(after?.extras).toEqual({ ...before?.extras, organization_role: 'Captain' });
    expect(here.sandbox.effects.at(-1)?.changed).toEqual(['organization_role']);
  });

  test('is superseded where the attribute was changed by hand after the plan was made', async () => {
    await using here = await settled();
    const { mail } = here.person(0);
    await set(here, 0, { mail: 'new@example.org' });
    const plan = await here.plan();
    here.sandbox.editUser(mail, { email: 'hand@example.org' });

    await here.approve(plan);
    const end = await here.carryOut(plan);

    expect(await outcomes(here, end)).toMatchObject([
      {
        state: 'superseded',
        message: expect.stringContaining('email was changed in the org after the plan'),
      },
    ]);
    expect(here.sandbox.find('hand@example.org')).toBeDefined();
    expect((await outcomes(here, await here.sync()))[0]).toMatchObject({ kind: 'edit', state: 'done' });
    expect(here.sandbox.find('new@example.org')).toBeDefined();
  });

  test('is superseded where they were deactivated or deleted after the plan was made', async () => {
    await using here = await settled();
    const all = here.people.map((one) => ({ ...one, title: 'Captain' }));
    await here.publish(all);
    const plan = await here.plan();
    here.sandbox.editUser(here.person(0).mail, { is_active: false });
    here.sandbox.removeUser(here.person(1).mail);

    await here.approve(plan);
    const end = await here.carryOut(plan);

    const states = (await here.operations(end.run.id)).map(({ email, state }) => [email, state]);
    expect(Object.fromEntries(states)).toEqual({
      [here.person(0).mail]: 'superseded',
      [here.person(1).mail]: 'superseded',
      [here.person(2).mail]: 'done',
    });
    expect(here.sandbox.find(here.person(0).mail)?.profile.is_active).toBe(false);
  });

  test.each([
    'before',
    'after',
  ] as const)('whose answer is lost %s its effect is made in the end', async (when) => {
    await using here = await settled();
    await set(here, 0, { title: 'Captain' });
    here.sandbox.fault({ operation: 'edit', times: 1, effect: { kind: 'drop', when } });

    expect(await outcomes(here, await here.sync())).toMatchObject([{ kind: 'edit', state: 'done' }]);
    expect(here.sandbox.find(here.person(0).mail)?.extras.organization_role).toBe('Captain');
    expect((await here.sync()).counts).toEqual(new Map());
  });

  test('of something that the server does not keep is tried once, named, and left alone', async () => {
    await using here = await settled();
    await set(here, 0, { mail: 'new@example.org' });
    here.sandbox.fault({ operation: 'edit', effect: { kind: 'forget', attributes: ['email'] } });

    const first = await here.sync();
    const second = await here.sync();

    expect(await outcomes(here, first)).toMatchObject([
      { kind: 'edit', state: 'done', message: expect.stringContaining('did not keep email') },
    ]);
    expect(second.counts).toEqual(new Map());
    here.sandbox.clearFaults();
    await set(here, 0, { mail: 'newer@example.org' });
    await here.sync();
    expect(here.sandbox.find('newer@example.org')).toBeDefined();
  });

  // A refusal is a clear answer: a retry days later has no licence to overwrite what was changed by hand since.
  test('that was refused and is retried later still looks whether the profile is as planned', async () => {
    await using here = await settled();
    const { mail } = here.person(0);
    await set(here, 0, { mail: 'new@example.org' });
    const refusal = here.sandbox.fault({ operation: 'edit', effect: { kind: 'status', status: 400 } });
    const { run } = await here.sync();
    refusal.clear();
    here.sandbox.editUser(mail, { email: 'hand@example.org' });

    await retryThem(here.engine.store.db, { run: run.id });
    const end = await here.carryOut(run.id);

    expect(await outcomes(here, end)).toMatchObject([{ kind: 'edit', state: 'superseded' }]);
    expect(here.sandbox.find('hand@example.org')).toBeDefined();
  });
});

describe('a deactivation', () => {
  test('of somebody who was deactivated by hand meanwhile is no doing of ours: they are not unblocked later', async () => {
    await using here = await settled();
    const { mail } = here.person(0);
    const before = here.people;
    await leave(here, 0);
    const plan = await here.plan();
    here.sandbox.editUser(mail, { is_active: false });

    await here.approve(plan);
    const end = await here.carryOut(plan);
    await here.publish(before);
    const back = await here.sync();

    expect(await outcomes(here, end)).toMatchObject([{ state: 'done', message: 'It was so already.' }]);
    expect(back.counts).toEqual(new Map());
    expect(here.sandbox.find(mail)?.profile.is_active).toBe(false);
  });

  test('that was refused, and was then done by hand, is no doing of ours either', async () => {
    await using here = await settled();
    const { mail } = here.person(0);
    const before = here.people;
    await leave(here, 0);
    const refusal = here.sandbox.fault({ operation: 'edit', effect: { kind: 'status', status: 400 } });
    const { run } = await here.sync();
    refusal.clear();
    here.sandbox.editUser(mail, { is_active: false });
    await retryThem(here.engine.store.db, { run: run.id });
    await here.carryOut(run.id);

    await here.publish(before);
    await here.sync();

    expect(here.sandbox.find(mail)?.profile.is_active).toBe(false);
  });

  test('of a profile that is gone is done', async () => {
    await using here = await settled();
    await leave(here, 0);
    const plan = await here.plan();
    here.sandbox.removeUser(here.person(0).mail);

    await here.approve(plan);
    const end = await here.carryOut(plan);

    expect(await outcomes(here, end)).toMatchObject([
      { state: 'done', message: 'The profile was deleted in the org already.' },
    ]);
  });

  test('that the server says it did and did not do fails, and is not believed', async () => {
    await using here = await settled();
    await leave(here, 0);
    here.sandbox.fault({ operation: 'edit', effect: { kind: 'forget', attributes: ['is_active'] } });

    const end = await here.sync();

    expect(await outcomes(here, end)).toMatchObject([
      { state: 'failed', message: expect.stringContaining('the profile is still active') },
    ]);
    here.sandbox.clearFaults();
    expect(await outcomes(here, await here.sync())).toMatchObject([{ kind: 'deactivate', state: 'done' }]);
  });

  test.each(['before', 'after'] as const)('whose answer is lost %s its effect happens once', async (when) => {
    await using here = await settled();
    const before = here.people;
    await leave(here, 0);
    here.sandbox.fault({ operation: 'edit', times: 1, effect: { kind: 'drop', when } });

    await here.sync();
    await here.publish(before);
    await here.sync();

    // Whatever was heard of it, it was ours, and so is lifted when they are back.
    expect(here.effects().slice(3)).toEqual([
      `deactivated ${here.person(0).mail}`,
      `reactivated ${here.person(0).mail}`,
    ]);
  });

  test('keeps what the API never returns, and a rehire brings the rest up to date', async () => {
    await using here = await settled();
    const { mail, givenName, title } = here.person(0);
    const before = here.people;
    await leave(here, 0);
    await here.sync();
    expect(here.sandbox.find(mail)?.extras).toMatchObject({
      first_name: givenName,
      organization_role: title,
    });

    await here.publish(before);
    await set(here, 0, { title: 'Captain' });
    const end = await here.sync();

    expect(await outcomes(here, end)).toMatchObject([{ kind: 'reactivate', state: 'done' }]);
    expect(here.sandbox.find(mail)).toMatchObject({
      profile: { is_active: true },
      extras: { first_name: givenName, organization_role: 'Captain' },
    });
  });
});

describe('an adoption', () => {
  const existing = (more: object = {}) => ({
    users: [{ email: 'ZOE.MULLER@example.org', username: 'zoe', customer_id: ['c1'], ...more }],
  });

  test('ties a profile that was there to its person, and keeps what the mapping does not name', async () => {
    await using here = await install({ people: 1, sandbox: existing() });
    expect(here.person(0).mail).toBe('zoe.muller@example.org');

    const end = await here.sync();

    expect(await outcomes(here, end)).toMatchObject([{ kind: 'adopt', state: 'done' }]);
    expect(
      here.sandbox.users.filter((user) => user.profile.email !== 'rollcall@sandbox.example'),
    ).toHaveLength(1);
    expect(here.sandbox.find(here.person(0).mail)?.profile).toMatchObject({
      customer_id: ['c1'],
      actual_username: 'zoe',
    });
    expect((await linksOf(here.engine.store.db, people))[0]).toMatchObject({ origin: 'adopted' });
    expect((await here.sync()).counts).toEqual(new Map());
  });

  test('of a profile that somebody blocked leaves it blocked', async () => {
    await using here = await install({ people: 1, sandbox: existing({ is_active: false }) });

    await here.sync();
    await here.sync();

    expect(here.sandbox.find(here.person(0).mail)?.profile.is_active).toBe(false);
    expect(here.effects().filter((effect) => effect.startsWith('reactivated'))).toEqual([]);
  });
});

test("the key's own account is not changed even where an operation says so", async () => {
  await using here = await settled();
  await leave(here, 0);
  const plan = await here.plan();
  const own = here.sandbox.users[0]?.profile;
  await here.engine.store.db
    .updateTable('operations')
    .set({ profile_id: own?.profile_id as never })
    .where('id', '=', `${plan}.1` as OperationId)
    .execute();

  await here.approve(plan);
  const end = await here.carryOut(plan);

  expect(await outcomes(here, end)).toMatchObject([
    { state: 'superseded', message: expect.stringContaining("account of Rollcall's own API key") },
  ]);
  expect(here.sandbox.users[0]?.profile).toEqual(own);
  const [entry] = await latestEntries(here.engine.store.db, { run: plan }, 1);
  expect(entry).toMatchObject({ action: 'operation.superseded' });
});

test('a new surname reaches the org as far as it takes names, and then rests', async () => {
  await using here = await settled();
  await here.publish(renamePerson(here.people, here.person(0).uid, 'Ångström'));

  await here.sync();

  expect((await here.sync()).counts).toEqual(new Map());
});
