/** Promise 2: who is gone is looked up, and a grace period runs; who is said to have left is not waited for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { markLeft, removePerson } from '../../src/cli/demo/changes.ts';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { linksOf } from '../../src/store/people/links.ts';
import { combinations } from '../e2e/stage.ts';
import { installEntra, mailOf } from '../engine/entra-installation.ts';
import { type Installation, install, people } from '../engine/installation.ts';
import { stage } from '../plan/delta/stage.ts';

const patient = { lifecycle: '{ grace: 24h }' };

const hour = 3_600_000;

/** Lets time pass for those whose absence is counted. */
const wait = (here: Installation, hours: number) =>
  here.engine.store.db
    .updateTable('links')
    .set({ absent_since: new Date(Date.now() - hours * hour) })
    .where('absent_since', 'is not', null)
    .execute();

const absent = async (here: Installation) =>
  (await linksOf(here.engine.store.db, people))
    .filter((link) => link.absentSince !== undefined)
    .map((link) => link.email);

const isActive = (here: Installation, index: number, mails: readonly string[]) =>
  here.sandbox.find(mails[index] ?? '')?.profile.is_active;

describe.each(combinations)('on %s', (combination) => {
  test('somebody gone is deactivated when the grace is over, and not before, however many runs see it', async () => {
    await using here = await install({ combination, people: 8, config: patient });
    await here.sync();
    const before = here.people;
    const [gone, returning] = before.map(({ mail }) => mail);
    await here.publish(removePerson(removePerson(before, here.person(0).uid), here.person(1).uid));

    const first = await here.sync();
    const second = await here.sync();

    for (const { run } of [first, second]) {
      expect(await here.operations(run.id)).toEqual([]);
      const findings = await here.findings(run.id);
      expect(findings.map(({ kind, email }) => [kind, email]).sort()).toEqual(
        [
          ['waiting', gone],
          ['waiting', returning],
        ].sort(),
      );
      expect(findings[0]?.reason).toContain('They are gone from the source since');
    }

    // One of them is back for a moment: their time begins anew.
    await wait(here, 23);
    await here.publish(removePerson(before, before[0]?.uid ?? ''));
    await here.sync();
    expect(await absent(here)).toEqual([gone]);

    await here.publish(removePerson(here.people, before[1]?.uid ?? ''));
    await wait(here, 25);
    const last = await here.sync();

    expect(
      (await here.operations(last.run.id)).map(({ kind, state, email }) => [kind, state, email]),
    ).toEqual([['deactivate', 'done', gone]]);
    expect((await here.operations(last.run.id))[0]?.reason).toContain('a look-up confirmed it');
    expect(here.effects().filter((effect) => effect.startsWith('deactivated'))).toEqual([
      `deactivated ${gone}`,
    ]);
  });
});

test('a dry run starts nobody’s grace', async () => {
  await using here = await install({ config: patient });
  await here.sync();
  await here.publish(here.people.slice(1));

  await here.plan();

  expect(await absent(here)).toEqual([]);
});

test('somebody of whom the source says that they left is deactivated at once', async () => {
  await using here = await install({ config: patient });
  await here.sync();
  await here.publish(markLeft(here.people, here.person(0).uid));

  await here.sync();

  expect(here.effects().at(-1)).toBe(`deactivated ${here.person(0).mail}`);
});

test('somebody whom the reading missed and the look-up finds is kept, and the source is named', async () => {
  await using here = await install();
  await here.sync();
  const everybody = here.people;
  const mails = everybody.map(({ mail }) => mail);
  await here.publish(everybody.slice(1));
  const run = await here.request('apply');
  const [source] = here.engine.sources;
  if (source === undefined) throw new Error('There is no source.');

  // Whoever writes the export finishes between the reading and the look-up.
  await here.engine.conduct(run, source, AbortSignal.timeout(30_000), ({ stage }) => {
    if (stage === 'plan') writeFileSync(join(here.folder, 'people.ldif'), toLdif(everybody));
  });

  expect(await here.operations(run)).toEqual([]);
  expect(await here.findings(run)).toMatchObject([
    { kind: 'left', email: mails[0], reason: expect.stringContaining('they are there when asked for') },
  ]);
  expect(isActive(here, 0, mails)).toBe(true);
});

test('somebody of whom the look-up cannot tell is kept', async () => {
  await using here = await install();
  await here.sync();
  const mails = here.people.map(({ mail }) => mail);
  await here.publish(here.people.slice(1));
  const run = await here.request('apply');
  const [source] = here.engine.sources;
  if (source === undefined) throw new Error('There is no source.');

  await here.engine.conduct(run, source, AbortSignal.timeout(30_000), ({ stage }) => {
    if (stage === 'plan')
      writeFileSync(join(here.folder, 'people.ldif'), `${toLdif(here.people)}\nhalf a rec`);
  });

  expect(await here.operations(run)).toEqual([]);
  expect((await here.findings(run)).map(({ kind }) => kind)).toEqual(['waiting']);
  expect(isActive(here, 0, mails)).toBe(true);
});

test('in an Entra tenant: a deletion needs no grace, leaving the scope does, and a page that lacks somebody removes nobody', async () => {
  const names = ['Ann', 'Bob', 'Cleo', 'Dora'];
  await using here = await installEntra({
    people: names,
    config: { ...patient, guards: '{ maxShrink: { percent: 100 } }' },
  });
  const { directory, faults } = here.entra;
  const [ann = '', bob = '', cleo = ''] = [...directory.users.keys()];
  await here.run('full');

  directory.softDelete(ann);
  directory.editUser(bob, { userType: 'Guest' });
  const withoutCleo = (body: Record<string, unknown>) => ({
    ...body,
    value: [body.value].flat().filter((user) => Object(user).id !== cleo),
  });
  faults.add({ on: /GET \/users\/delta/, misfortune: { kind: 'change', with: withoutCleo } });
  const first = await here.run('full');

  expect(first.deeds).toEqual([`deactivate done ${mailOf('Ann')}`]);
  expect([...first.findings].sort()).toEqual([`left ${mailOf('Cleo')}`, `waiting ${mailOf('Bob')}`]);

  await wait(here, 25);
  expect((await here.run('full')).deeds).toEqual([`deactivate done ${mailOf('Bob')}`]);
  expect(names.map((name) => here.isActive(name))).toEqual([false, false, true, true]);
});

test('by deltas: a deletion needs no grace and a look-up, being out of view needs both, and silence is no absence', async () => {
  await using delta = await stage({ config: { ...patient, guards: '{ maxShrink: { percent: 100 } }' } });
  for (const id of ['ann', 'bob', 'cho', 'dan']) delta.source.put(id);
  await delta.run('full');
  delta.source.take('ann', 'deleted');
  delta.source.take('bob', 'out-of-view');
  delta.source.take('cho', 'silently');

  const first = await delta.run('delta');
  delta.later(23 * hour);
  const early = await delta.run('delta');
  delta.later(2 * hour);
  const late = await delta.run('delta');

  expect(await delta.deeds(first)).toEqual(['deactivate ann done']);
  expect(await delta.reasons(first)).toEqual(['waiting bob']);
  expect(await delta.deeds(early)).toEqual([]);
  expect(await delta.deeds(late)).toEqual(['deactivate bob done']);
  const lookups = delta.source.asked.filter((one) => one.startsWith('lookup'));
  for (const id of ['ann', 'bob']) expect(lookups.some((one) => one.includes(id))).toBe(true);
  expect(lookups.some((one) => one.includes('cho'))).toBe(false);
  expect(delta.sandbox.find('cho@example.com')?.profile.is_active).toBe(true);
});
