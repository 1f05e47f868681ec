/** `onboard: create-and-invite`: an account, and then one mail to whoever it is for, whatever dies in between. */
import { describe, expect, test } from 'vitest';
import { planInvitation } from '../../src/plan/index.ts';
import { moveOperations } from '../../src/store/operations/operations.ts';
import { linkOf } from '../../src/store/people/links.ts';
import { anchor } from '../builders/people.ts';
import { type Installation, install, people } from '../engine/installation.ts';
import { retryThem } from './retry.ts';

const lifecycle = (more = '') => `{ grace: 0s, onboard: create-and-invite, invite: { role: User${more} } }`;
const installed = (config: Readonly<Record<string, string>> = {}) =>
  install({ people: 2, config: { lifecycle: lifecycle(), ...config } });

const mailsTo = (here: Installation, email: string) =>
  here.sandbox.invitations.find((invitation) => invitation.email === email)?.mails.length ?? 0;
const inOrder = async (here: Installation, run: Parameters<Installation['operations']>[0], email: string) =>
  (await here.operations(run))
    .filter((operation) => operation.email === email)
    .toSorted((one, other) => one.seq - other.seq)
    .map(({ kind, state }) => `${kind} ${state}`);
const linkOfFirst = (here: Installation) =>
  linkOf(here.engine.store.db, people, anchor(here.person(0).entryUuid));

test('a joiner gets an account with all that is mapped, and then one mail', async () => {
  await using here = await installed();
  const { mail, title } = here.person(0);

  const { run, counts } = await here.sync();

  expect(counts).toEqual(new Map([['done', 4]]));
  expect(here.effects().filter((effect) => effect.endsWith(mail))).toEqual([
    `created ${mail}`,
    `invited ${mail}`,
  ]);
  expect(here.sandbox.find(mail)?.extras).toMatchObject({ organization_role: title });
  expect(await inOrder(here, run.id, mail)).toEqual(['create done', 'invite done']);
  expect(await linkOfFirst(here)).toMatchObject({
    origin: 'created',
    invitations: 1,
    applied: { email: mail },
  });
  expect((await here.sync()).counts).toEqual(new Map());
});

test('the plan says so, and nothing is sent before it is approved', async () => {
  await using here = await installed();

  const plan = await here.plan();

  const planned = await here.operations(plan);
  expect(planned.map(({ kind, seq, invite_seq }) => [kind, seq, invite_seq])).toEqual([
    ['create', 1, 3],
    ['create', 2, 4],
  ]);
  expect(planned[0]?.reason).toContain('They are invited to it once it is made');
  expect(here.effects()).toEqual([]);
  await here.approve(plan);
  await here.carryOut(plan);
  expect(here.effects().filter((effect) => effect.startsWith('invited'))).toHaveLength(2);
});

test('who accepts comes into the account that is there', async () => {
  await using here = await installed();
  const { mail } = here.person(0);
  await here.sync();

  here.sandbox.acceptInvitation(mail);

  expect((await here.sync()).counts).toEqual(new Map());
  expect(here.sandbox.users.filter(({ profile }) => profile.email === mail)).toHaveLength(1);
});

describe.each(['before', 'after'] as const)('an answer that is lost %s the effect', (when) => {
  test('to the creation leads to one account and one mail', async () => {
    await using here = await installed();
    const { mail } = here.person(0);
    here.sandbox.fault({ operation: 'create', match: mail, times: 1, effect: { kind: 'drop', when } });

    await here.sync();

    expect(here.effects().filter((effect) => effect.endsWith(mail))).toEqual([
      `created ${mail}`,
      `invited ${mail}`,
    ]);
  });

  test('to the invitation is failed for a person to decide, and no run sends another', async () => {
    await using here = await installed();
    const { mail } = here.person(0);
    here.sandbox.fault({ operation: 'invite', match: mail, times: 1, effect: { kind: 'drop', when } });
    const sent = when === 'after' ? 1 : 0;

    const { run } = await here.sync();
    await here.sync();

    expect(await inOrder(here, run.id, mail)).toEqual(['create done', 'invite failed']);
    expect(mailsTo(here, mail)).toBe(sent);
    const failed = (await here.operations(run.id)).find(({ state }) => state === 'failed');
    expect(failed?.message).toContain('Whether the invitation was sent is not known');
    await retryThem(here.engine.store.db, { ids: failed === undefined ? [] : [failed.id] });
    await here.carryOut(run.id);
    expect(mailsTo(here, mail)).toBe(sent + 1);
  });
});

test('an account that could not be made is followed by no mail', async () => {
  await using here = await installed();
  const { mail } = here.person(0);
  here.sandbox.fault({
    operation: 'create',
    match: mail,
    effect: { kind: 'status', status: 400, body: { error: 'No.' } },
  });

  const { run } = await here.sync();

  expect(await inOrder(here, run.id, mail)).toEqual(['create failed']);
  expect(mailsTo(here, mail)).toBe(0);
});

test('a server that refuses to invite whom it knows leaves the account, and its sentence in the failed list', async () => {
  await using here = await installed();
  const { mail } = here.person(0);
  const error = 'A user with this email already exists.';
  here.sandbox.fault({ operation: 'invite', effect: { kind: 'status', status: 400, body: { error } } });

  const { run } = await here.sync();
  const next = await here.sync();

  expect(await inOrder(here, run.id, mail)).toEqual(['create done', 'invite failed']);
  expect((await here.operations(run.id)).find(({ state }) => state === 'failed')?.message).toContain(error);
  expect(here.sandbox.find(mail)?.profile.is_active).toBe(true);
  expect(next.counts).toEqual(new Map());
});

test('a full licence stops creations, and no mail to those who have their account', async () => {
  await using here = await install({
    people: 6,
    // The key's own account has a seat too.
    sandbox: { licences: 4 },
    config: { lifecycle: lifecycle() },
  });

  await here.sync();

  const created = here.effects().filter((effect) => effect.startsWith('created'));
  const invited = here.effects().filter((effect) => effect.startsWith('invited'));
  expect(created).toHaveLength(3);
  expect(invited.map((effect) => effect.slice('invited '.length)).sort()).toEqual(
    created.map((effect) => effect.slice('created '.length)).sort(),
  );
});

test('who was deactivated before the mail went out gets none', async () => {
  await using here = await installed();
  const { mail } = here.person(0);
  here.sandbox.fault({ operation: 'invite', match: mail, times: 1, effect: { kind: 'status', status: 503 } });
  const blocked = (async () => {
    while (here.sandbox.find(mail) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    here.sandbox.editUser(mail, { is_active: false });
  })();

  const { run } = await here.sync();
  await blocked;

  expect(await inOrder(here, run.id, mail)).toEqual(['create done', 'invite superseded']);
  expect(mailsTo(here, mail)).toBe(0);
});

describe('one more by hand', () => {
  const inviteAgain = (here: Installation) => {
    const { entryUuid, uid: label, mail: email } = here.person(0);
    const desired = { email, username: email };
    const member = { kind: 'member', anchor: anchor(entryUuid), label, email, desired } as const;
    const word = { actor: 'cli:anna', reason: 'The mail was lost.' };
    const policy = { onboard: 'create-and-invite', atMost: 2 } as const;
    return planInvitation(here.engine.store.db, people, member, word, policy, new Date());
  };

  test('is sent to the same account, counts, and is refused beyond the limit', async () => {
    await using here = await installed();
    await here.sync();

    await here.carryOut(await inviteAgain(here));

    expect(mailsTo(here, here.person(0).mail)).toBe(2);
    expect(await linkOfFirst(here)).toMatchObject({ origin: 'created', invitations: 2 });
    await expect(inviteAgain(here)).rejects.toThrow(/atMost allows 2/);
    expect((await here.sync()).counts).toEqual(new Map());
  });

  test('is possible where the first was given up', async () => {
    await using here = await installed();
    const { mail } = here.person(0);
    here.sandbox.fault({
      operation: 'invite',
      match: mail,
      times: 1,
      effect: { kind: 'drop', when: 'before' },
    });
    const { run } = await here.sync();
    await moveOperations(here.engine.store.db, { run: run.id, states: ['failed'] }, 'discarded', undefined);

    await here.carryOut(await inviteAgain(here));

    expect(mailsTo(here, mail)).toBe(1);
  });
});

test('an account that is made again for somebody who had all their invitations is followed by none', async () => {
  await using here = await install({
    people: 1,
    config: {
      lifecycle: `{ onboard: create-and-invite, deletedInOrg: create, invite: { role: User, atMost: 1 } }`,
    },
  });
  const { mail } = here.person(0);
  await here.sync();
  here.sandbox.removeUser(mail);

  const { run } = await here.sync();

  expect(await inOrder(here, run.id, mail)).toEqual(['create done']);
  expect((await here.operations(run.id))[0]?.reason).toContain('lifecycle.invite.atMost allows 1');
  expect(mailsTo(here, mail)).toBe(1);
});
