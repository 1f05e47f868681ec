/** Somebody left by HR's word or an operator's: deactivated at once, verified, audited, and not brought back by any sync. */
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import type { Answer } from '../../src/offboarding/index.ts';
import { rejectPlan } from '../../src/plan/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { type Installation, install } from '../engine/installation.ts';
import { inForce, sayLeft, sayReturns, standing } from './office.ts';

/** The run that was made of a word. */
function runOf({ run, sentence }: Answer): RunId {
  if (run === undefined) throw new Error(`No run was made: ${sentence}`);
  return run;
}

const carriedOut = (here: Installation, answer: Answer) => here.carryOut(runOf(answer));

async function deactivated(here: Installation, mail: string): Promise<void> {
  await carriedOut(here, await sayLeft(here, mail));
}

test('whom HR says to have left is deactivated, verified, and kept out by every later sync until HR says otherwise', async () => {
  await using here = await install();
  await here.sync();
  const { mail } = here.person(0);

  const answer = await sayLeft(here, mail);
  const end = await carriedOut(here, answer);

  expect(answer.outcome).toBe('deactivating');
  expect(end.run.state).toBe('done');
  expect(end.unconfirmed).toBe(0);
  expect(here.effects().at(-1)).toBe(`deactivated ${mail}`);
  const [departure] = await standing(here);
  expect(departure).toMatchObject({ cause: 'hr-event', eventId: 'e-1', run: answer.run });
  expect(departure?.verifiedAt).toBeInstanceOf(Date);

  const before = here.effects().length;
  await here.sync();
  await here.sync(mail);
  const elsewhere = await here.another();
  expect(await elsewhere.desk.releaseDue()).toBe(0);
  await here.sync();
  expect(here.effects().length).toBe(before);

  expect((await sayReturns(here, mail)).outcome).toBe('taken-back');
  await here.sync();
  expect(here.effects().at(-1)).toBe(`reactivated ${mail}`);
});

test('the audit log tells of the word with its event, of the run, and of the deactivation with both', async () => {
  await using here = await install();
  await here.sync();
  const { mail } = here.person(0);

  await deactivated(here, mail);

  const entries = await latestEntries(here.engine.store.db, { who: mail }, 20);
  const told = entries.map(({ action, actor }) => `${action} by ${actor}`);
  expect(told).toContain('departure.noted by hr');
  expect(told).toContain('operation.done by worker');
  const done = entries.findLast(({ action }) => action === 'operation.done');
  expect(done?.reason).toBe('HR says that they left (event e-1): "It ended.".');
});

test('people are found by e-mail, user name, anchor and profile, whatever the case', async () => {
  await using here = await install();
  await here.sync();
  const { mail } = here.person(0);
  const { rows } = await here.engine.store.pool.query(
    'SELECT anchor, profile_id FROM links WHERE email = $1',
    [mail],
  );

  const names = [mail.toUpperCase(), ` ${mail} `, rows[0].anchor, rows[0].profile_id];
  const outcomes = [];
  for (const name of names) outcomes.push((await sayLeft(here, name, { at: '2099-01-31' })).outcome);

  expect(outcomes).toEqual(names.map(() => 'scheduled'));
  expect(await standing(here)).toHaveLength(1);
});

test('an unknown person is a plain sentence, and nothing is done', async () => {
  await using here = await install();
  await here.sync();

  const answer = await sayLeft(here, 'nobody@example.com');

  expect(answer.outcome).toBe('unknown');
  expect(answer.sentence).toContain('called nobody@example.com');
  expect(await standing(here)).toEqual([]);
});

test('the key’s own account, protected people and those who are left alone are refused, with the reason', async () => {
  await using here = await install({ config: { guards: '{ protected: [ann.archer@example.com] }' } });
  await here.sync();
  const [first, second] = [here.person(0), here.person(1)];
  const { db } = here.engine.store;
  const own = (await here.engine.api.whoAmI()).profileId;
  await db
    .updateTable('links')
    .set({ email: 'ann.archer@example.com' })
    .where('email', '=', first.mail)
    .execute();
  await db.updateTable('links').set({ profile_id: own }).where('email', '=', second.mail).execute();

  const isProtected = await sayLeft(here, 'ann.archer@example.com', { cause: 'operator' });
  const isOwn = await sayLeft(here, second.mail, { cause: 'operator' });

  expect([isProtected.outcome, isOwn.outcome]).toEqual(['refused', 'refused']);
  expect(isProtected.sentence).toContain('guards.protected names');
  expect(isOwn.sentence).toContain("Rollcall's own API key");
  expect(await standing(here)).toEqual([]);
});

test('a word for a time to come does nothing until then, is moved by the next one, and is taken back', async () => {
  await using here = await install();
  await here.sync();
  const { mail } = here.person(0);
  const before = here.effects().length;

  expect((await sayLeft(here, mail, { at: '2099-01-31' })).outcome).toBe('scheduled');
  await sayLeft(here, mail, { at: '2098-01-31T17:00+02:00' });
  await here.sync();

  expect(await here.engine.desk.releaseDue()).toBe(0);
  expect((await standing(here)).map(({ dueAt }) => dueAt.toISOString())).toEqual([
    '2098-01-31T15:00:00.000Z',
  ]);
  expect((await sayReturns(here, mail)).sentence).toContain('any more');
  expect(await standing(here)).toEqual([]);
  expect(here.effects().length).toBe(before);
});

test('a scheduler that wakes late does what is due, once', async () => {
  await using here = await install();
  await here.sync();
  const { mail } = here.person(0);
  await sayLeft(here, mail, { at: '2099-01-31' });
  const { db } = here.engine.store;
  await db
    .updateTable('departures')
    .set({ due_at: new Date('2026-01-31T00:00:00Z') })
    .execute();

  const other = await here.another();
  const made = await Promise.all([here.engine.desk.releaseDue(), other.desk.releaseDue()]);

  expect(made.reduce((sum, count) => sum + count)).toBe(1);
  expect(await here.engine.desk.releaseDue()).toBe(0);
});

test('what waits for somebody is dropped; what is in flight is waited for', async () => {
  await using here = await install();
  await here.sync();
  const [first, second] = [here.person(0), here.person(1)];
  await here.publish(here.people.map((one) => ({ ...one, title: 'Other' })));
  const run = await here.release();
  const { db } = here.engine.store;
  const open = await here.operations(run);
  const [busy] = open.flatMap(({ id, email }) => (email === second.mail ? [id] : []));
  if (busy === undefined) throw new Error('Nothing was planned for them.');
  await db.updateTable('operations').set({ state: 'running' }).where('id', '=', busy).execute();

  expect((await sayLeft(here, first.mail)).outcome).toBe('deactivating');
  expect((await sayLeft(here, second.mail)).outcome).toBe('waits');
  const states = new Map((await here.operations(run)).map(({ email, state }) => [email, state]));
  expect(states.get(first.mail)).toBe('superseded');
  expect(await here.engine.desk.releaseDue()).toBe(0);

  await db.updateTable('operations').set({ state: 'done' }).where('id', '=', busy).execute();
  expect(await here.engine.desk.releaseDue()).toBe(1);
});

test('a run that was reading meanwhile does not edit or bring back whoever left', async () => {
  await using here = await install();
  await here.sync();
  const { mail } = here.person(0);
  await here.publish(here.people.map((one) => ({ ...one, title: 'Other' })));
  const run = await here.request('apply');
  here.sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: 1_000 } });
  const conducting = here.conduct(run);
  await sayLeft(here, mail);
  here.sandbox.clearFaults();
  await conducting;

  const operations = await here.operations(run);
  expect(operations.some(({ email }) => email === mail)).toBe(false);
  expect(operations.length).toBeGreaterThan(0);
});

describe('the guard', () => {
  const strict = { config: { guards: '{ maxDeactivations: { count: 1, percent: 0 } }' } };

  test('HR’s second leaver of a day is held with a reason, and approved by the plan’s id', async () => {
    await using here = await install(strict);
    await here.sync();
    await deactivated(here, here.person(0).mail);

    const answer = await sayLeft(here, here.person(1).mail);

    expect(answer.outcome).toBe('held');
    expect(answer.sentence).toContain('after 1 within 24 hours');
    expect(here.effects().filter((effect) => effect.startsWith('deactivated'))).toHaveLength(1);
    await here.sync();
    expect((await here.operations(runOf(answer))).map(({ state }) => state)).toEqual(['held']);

    expect((await here.approve(runOf(answer))).kind).toBe('approved');
    await carriedOut(here, answer);
    expect(here.effects().at(-1)).toBe(`deactivated ${here.person(1).mail}`);
    expect((await standing(here)).every(({ verifiedAt }) => verifiedAt !== undefined)).toBe(true);
  });

  test('one by hand is a person’s own word, and is not held; it also frees one of HR’s that is', async () => {
    await using here = await install(strict);
    await here.sync();
    await deactivated(here, here.person(0).mail);
    await sayLeft(here, here.person(1).mail);

    const byHand = await sayLeft(here, here.person(1).mail, { cause: 'operator' });

    expect(byHand.outcome).toBe('deactivating');
    await carriedOut(here, byHand);
    expect(here.effects().at(-1)).toBe(`deactivated ${here.person(1).mail}`);
  });

  test('who rejects the plan says that they have not left', async () => {
    await using here = await install(strict);
    await here.sync();
    await deactivated(here, here.person(0).mail);
    const held = await sayLeft(here, here.person(1).mail);

    await rejectPlan(
      here.engine.store.db,
      runOf(held),
      { actor: 'cli:anna', reason: 'A mistake.' },
      new Date(),
    );
    await here.sync();

    expect(await inForce(here)).toHaveLength(1);
    expect(here.effects().filter((effect) => effect.startsWith('deactivated'))).toHaveLength(1);
  });
});
