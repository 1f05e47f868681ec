/** Whoever is as the store knows them from the same record is not looked at in full; nothing may be missed by that. */
import { expect, test } from 'vitest';
import type { InstallationOptions } from '../engine/installation.ts';
import { hour, type Stage, stage } from './delta/stage.ts';

const staff = ['ann', 'bob', 'cho'] as const;
const day = 24 * hour;

/** Everybody is in the org, and known by their record. */
async function settled(options: InstallationOptions = {}): Promise<Stage> {
  const here = await stage(options);
  for (const one of staff) here.source.put(one, { title: 'Clerk' });
  await here.run('full');
  await here.run('full');
  here.source.recalled();
  return here;
}

const recalledNow = async (here: Stage, fingerprint?: string): Promise<readonly string[]> => {
  await here.run('full', 'apply', fingerprint);
  return here.source.recalled();
};

test('who is as the last whole run saw them is recalled, and nothing is planned', async () => {
  await using here = await settled();

  const run = await here.run('full');

  expect(here.source.recalled()).toEqual(staff);
  expect(await here.deeds(run)).toEqual([]);
});

test('a change is seen, of whoever has one, and is known from then on', async () => {
  await using here = await settled();
  here.source.put('bob', { title: 'Head' });

  const run = await here.run('full');

  expect(here.source.recalled()).toEqual(['ann', 'cho']);
  expect(await here.deeds(run)).toEqual(['edit bob done']);
  expect(await recalledNow(here)).toEqual(['ann', 'cho']);
  expect(await recalledNow(here)).toEqual(staff);
});

test('a record that changed without a word on its person is looked at once', async () => {
  await using here = await settled();
  here.source.put('bob', { title: 'Clerk', loginShell: '/bin/zsh' });

  const run = await here.run('full');

  expect(here.source.recalled()).toEqual(['ann', 'cho']);
  expect(await here.deeds(run)).toEqual([]);
  expect(await recalledNow(here)).toEqual(staff);
});

test('who is gone, and who is there again, is seen as ever', async () => {
  await using here = await settled();
  here.source.take('bob', 'silently');

  const gone = await here.run('full');
  here.source.put('bob', { title: 'Clerk' });
  const back = await here.run('full');

  expect(await here.deeds(gone)).toEqual(['deactivate bob done']);
  expect(await here.deeds(back)).toEqual(['reactivate bob done']);
});

test('a leave date takes effect on its day, though the record is the same', async () => {
  await using here = await settled();
  here.source.put('bob', { title: 'Clerk' }, new Date(Date.now() + day));
  expect(await recalledNow(here)).toEqual(['ann', 'cho']);
  expect(await recalledNow(here)).toEqual(['ann', 'cho']);
  here.later(2 * day);

  const run = await here.run('full');

  expect(await here.deeds(run)).toEqual(['deactivate bob done']);
});

test('what somebody changed in the org is put right, though the record is the same', async () => {
  await using here = await settled();
  here.sandbox.editUser('bob@example.com', { email: 'by.hand@example.com' });

  const run = await here.run('full');

  expect(here.source.recalled()).toContain('bob');
  expect(await here.deeds(run)).toEqual(['edit bob done']);
});

test('by other rules everybody is looked at', async () => {
  await using here = await settled();

  expect(await recalledNow(here, 'another')).toEqual([]);
  expect(await recalledNow(here, 'another')).toEqual(staff);
});

test('a sentinel is looked at each time, from the run on in which it becomes one', async () => {
  await using here = await settled();
  const guards = { ...here.engine.config.guards, sentinels: ['bob@example.com'] };
  here.with({ guards });

  expect(await recalledNow(here)).toEqual([]);
  expect(await recalledNow(here)).toEqual(['ann', 'cho']);
});

test('nobody is recalled for longer than a week', async () => {
  await using here = await settled();
  here.later(7 * day);

  expect(await recalledNow(here)).toEqual([]);
  expect(await recalledNow(here)).toEqual(staff);
});

test('by rules that read whatever there is, nobody is recalled: some of it changes at every sign-in', async () => {
  await using here = await settled({ config: { scope: 'size(user) > 2' } });

  expect(await recalledNow(here)).toEqual([]);
});

test('a reading that is not trusted teaches nothing', async () => {
  await using here = await stage();
  for (const one of staff) here.source.put(one);
  await here.run('full');
  here.source.cutNextReading();
  await here.run('full');

  expect(await recalledNow(here)).toEqual([]);
  expect(await recalledNow(here)).toEqual(staff);
});

test('a run for one person looks at everybody', async () => {
  await using here = await settled();

  const run = await here.run('full', 'apply', 'one', 'bob@example.com');

  expect(here.source.recalled()).toEqual([]);
  expect(await here.deeds(run)).toEqual([]);
});
