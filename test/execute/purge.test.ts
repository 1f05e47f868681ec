/** Deleting a profile: by configuration and by a person's word, of the one that was shown, once, whatever happens. */
import { describe, expect, test } from 'vitest';
import { latestEntries } from '../../src/audit/index.ts';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { planUndo } from '../../src/plan/index.ts';
import type { FaultRequest } from '../../src/sandbox/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import { linksOf } from '../../src/store/people/links.ts';
import { type Installation, type InstallationOptions, install, people } from '../engine/installation.ts';

const lifecycle = '{ grace: 0s, purgeAfter: 30d }';

/** An org of three, one of whom left forty days ago. */
async function forgotten(options: InstallationOptions = {}): Promise<{
  readonly here: Installation;
  readonly mail: string;
  readonly left: RunId;
}> {
  const here = await install({ people: 3, ...options, config: { lifecycle, ...options.config } });
  await here.sync();
  const { uid, mail } = here.person(0);
  await here.publish(markLeft(here.people, uid));
  const { run } = await here.sync();
  const fortyDays = new Date(Date.now() - 40 * 86_400_000);
  const { db } = here.engine.store;
  await db
    .updateTable('links')
    .set({ deactivated_at: fortyDays })
    .where('deactivated_by', 'is not', null)
    .execute();
  return { here, mail, left: run.id };
}

const deletions = (here: Installation) => here.effects().filter((effect) => effect.startsWith('deleted'));
const statesOf = async (here: Installation, run: RunId) =>
  (await here.operations(run)).map(({ kind, state }) => `${kind} ${state}`);

test('a profile is held for a person’s word, however few they are, and is gone when it was given', async () => {
  const { here, mail, left } = await forgotten();
  await using _ = here;
  const last = here.sandbox.find(mail)?.profile;

  const held = await here.sync();
  expect(held.run.state).toBe('held');
  expect(held.run.summary?.holds).toMatchObject([{ guard: 'purge', count: 1 }]);
  expect(await statesOf(here, held.run.id)).toEqual(['purge held']);
  expect(deletions(here)).toEqual([]);

  await here.approve(held.run.id);
  const end = await here.carryOut(held.run.id);

  expect(end.counts).toEqual(new Map([['done', 1]]));
  expect(deletions(here)).toEqual([`deleted ${mail}`]);
  const { db } = here.engine.store;
  expect((await linksOf(db, people)).map(({ email }) => email)).not.toContain(mail);
  const [done] = (await latestEntries(db, { run: held.run.id }, 10)).filter(
    ({ action }) => action === 'operation.done',
  );
  expect(done?.details).toMatchObject({
    kind: 'purge',
    profile: JSON.parse(JSON.stringify(last)),
    approval: { by: 'cli:anna', reason: 'I looked at it.' },
  });
  expect((await here.sync()).counts).toEqual(new Map());
  await expect(planUndo(db, left, 'cli:test', 1_000, new Date())).rejects.toThrow('no deactivations');
});

test('nobody is deleted where the configuration does not ask for it', async () => {
  const { here } = await forgotten({ config: { lifecycle: '{ grace: 0s }' } });
  await using _ = here;

  expect((await here.sync()).counts).toEqual(new Map());
});

describe('an approved deletion is dropped where, in between,', () => {
  const cases: readonly [string, (here: Installation, mail: string) => Promise<unknown> | unknown][] = [
    ['an administrator unblocked them', (here, mail) => here.sandbox.editUser(mail, { is_active: true })],
    ['their address was changed', (here, mail) => here.sandbox.editUser(mail, { email: 'new@example.org' })],
    [
      'they came back and have their account again',
      async (here) => {
        await here.publish(sampleDirectory({ people: 3 }));
        await here.sync();
      },
    ],
    [
      'the link ended',
      (here, mail) => here.engine.store.db.deleteFrom('links').where('email', '=', mail).execute(),
    ],
  ];
  test.each(cases)('%s', async (_, happens) => {
    const { here, mail } = await forgotten();
    await using __ = here;
    const plan = await here.plan();
    expect(await statesOf(here, plan)).toEqual(['purge planned']);

    await happens(here, mail);
    await here.approve(plan);
    await here.carryOut(plan);

    expect(await statesOf(here, plan)).toEqual(['purge superseded']);
    expect(deletions(here)).toEqual([]);
  });

  test('a run has seen them, although they are not unblocked', async () => {
    const never = '{ grace: 0s, purgeAfter: 30d, reactivate: never }';
    const { here } = await forgotten({ config: { lifecycle: never } });
    await using _ = here;
    const shown = await here.plan();
    const held = await here.sync();
    await here.publish(sampleDirectory({ people: 3 }));

    await here.sync();

    for (const plan of [shown, held.run.id]) {
      expect(await statesOf(here, plan)).toEqual(['purge superseded']);
      expect(await here.approve(plan)).toMatchObject({ kind: 'refused' });
    }
  });
});

describe('a profile is deleted once where', () => {
  const cases: readonly [string, FaultRequest['effect']][] = [
    ['the answer is dropped after it', { kind: 'drop', when: 'after' }],
    ['the connection is dropped before it', { kind: 'drop' }],
    ['the server fails after it', { kind: 'status', status: 502, when: 'after' }],
    ['a web page answers after it', { kind: 'html', when: 'after' }],
    ['the answer takes too long', { kind: 'delay', ms: 800 }],
  ];
  test.each(cases)('%s', async (_, effect) => {
    const { here, mail } = await forgotten({ api: { timeout: '400ms' } });
    await using __ = here;
    const held = await here.sync();
    await here.approve(held.run.id);
    here.sandbox.fault({ operation: 'delete', effect, times: 1 });

    const end = await here.carryOut(held.run.id);

    expect(end.counts).toEqual(new Map([['done', 1]]));
    expect(deletions(here)).toEqual([`deleted ${mail}`]);
    const entries = await latestEntries(here.engine.store.db, { run: held.run.id }, 10);
    const done = entries.find(({ action }) => action === 'operation.done');
    expect(done?.details.profile).toMatchObject({ email: mail, is_active: false });
  });

  test('somebody else deleted it first: then it is done, and nothing is sent', async () => {
    const { here, mail } = await forgotten();
    await using _ = here;
    const held = await here.sync();
    await here.approve(held.run.id);
    here.sandbox.removeUser(mail);

    const end = await here.carryOut(held.run.id);

    expect(end.counts).toEqual(new Map([['done', 1]]));
    expect(here.sandbox.requests.delete).toBe(0);
    expect((await linksOf(here.engine.store.db, people)).map(({ email }) => email)).not.toContain(mail);
  });
});
