/** Whether a mail went out can't be looked up: a second one is worse than a late one. */
import { describe, expect, test } from 'vitest';
import { moveOperations } from '../../src/store/operations/operations.ts';
import { type Installation, install } from '../engine/installation.ts';
import { retryThem } from './retry.ts';

const onboardByMail = () =>
  install({ people: 2, config: { lifecycle: '{ onboard: invite, invite: { role: User } }' } });

const mailsTo = (here: Installation, email: string) =>
  here.sandbox.invitations.find((invitation) => invitation.email === email)?.mails.length ?? 0;

test('an invitation is one mail, and the profile is linked once it is accepted', async () => {
  await using here = await onboardByMail();
  const { mail } = here.person(0);

  await here.sync();
  const waiting = await here.sync();
  here.sandbox.acceptInvitation(mail);
  await here.sync();
  const last = await here.sync();

  expect(mailsTo(here, mail)).toBe(1);
  expect((await here.findings(waiting.run.id)).map(({ reason }) => reason)).toEqual(
    Array(2).fill('They were invited and have not accepted yet.'),
  );
  expect(last.counts).toEqual(new Map());
});

describe.each(['after', 'before'] as const)('an invitation whose answer is lost %s its effect', (when) => {
  const lost = async (here: Installation) => {
    const { mail } = here.person(0);
    here.sandbox.fault({ operation: 'invite', match: mail, times: 1, effect: { kind: 'drop', when } });
    const { run } = await here.sync();
    const operation = (await here.operations(run.id)).find(({ email }) => email === mail);
    if (operation === undefined) throw new Error('Nobody was invited.');
    return operation;
  };
  const sent = when === 'after' ? 1 : 0;

  test('is failed for a person to decide, and not sent again', async () => {
    await using here = await onboardByMail();

    const operation = await lost(here);

    expect(operation).toMatchObject({ kind: 'invite', state: 'failed' });
    expect(operation.message).toContain('Whether the invitation was sent is not known');
    expect(mailsTo(here, here.person(0).mail)).toBe(sent);
  });

  // The next run saw nobody in the org and no link, and invited them again.
  test('is not sent by later runs either, which name them', async () => {
    await using here = await onboardByMail();
    const operation = await lost(here);

    const next = await here.sync();

    expect(next.counts).toEqual(new Map());
    expect(mailsTo(here, here.person(0).mail)).toBe(sent);
    const finding = (await here.findings(next.run.id)).find(({ email }) => email === here.person(0).mail);
    expect(finding).toMatchObject({ kind: 'waiting', reason: expect.stringContaining(operation.id) });
  });

  test('is sent when a person says so', async () => {
    await using here = await onboardByMail();
    const operation = await lost(here);
    await here.sync();

    const retried = await retryThem(here.engine.store.db, { ids: [operation.id] });
    await here.carryOut(operation.run_id);

    expect(retried).toHaveLength(1);
    expect(mailsTo(here, here.person(0).mail)).toBe(sent + 1);
    expect((await here.sync()).counts).toEqual(new Map());
  });

  test('is planned again when a person takes it off the list', async () => {
    await using here = await onboardByMail();
    const operation = await lost(here);
    await moveOperations(here.engine.store.db, { ids: [operation.id] }, 'discarded', undefined);

    expect((await here.sync()).counts).toEqual(new Map([['done', 1]]));
  });

  test('ends well where they have a profile by then', async () => {
    await using here = await onboardByMail();
    if (when === 'before') return;
    const { mail } = here.person(0);
    await lost(here);
    here.sandbox.acceptInvitation(mail);

    const end = await here.sync();

    expect((await here.operations(end.run.id)).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'adopt done',
    ]);
  });
});
