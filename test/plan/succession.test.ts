/** Rehires under a new id, and people whom one directory hands to another: real files, org, PostgreSQL and Redis. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import type { SamplePerson } from '../../src/cli/demo/sample-directory.ts';
import { linkOf } from '../../src/store/people/links.ts';
import { profileId } from '../builders/org.ts';
import { anchor, sourceId } from '../builders/people.ts';
import { type Installation, install } from '../engine/installation.ts';

const active = `active: 'user.employeeType != "left"'`;
const config = {
  correlation: '[email, employee-number]',
  sources: `[{ id: people, type: ldif, file: people.ldif, ${active} }, { id: cloud, type: ldif, file: cloud.ldif, ${active} }]`,
};
const another = '11111111-2222-4333-8444-555555555555';

const publishCloud = (here: Installation, people: readonly SamplePerson[]) =>
  writeFile(join(here.folder, 'cloud.ldif'), toLdif(people));

const syncOf = async (here: Installation, source: string) =>
  await here.carryOut(await here.releaseOf(source));

const auditOf = (here: Installation, action: string) =>
  here.engine.store.db.selectFrom('audit').selectAll().where('action', '=', action).execute();

test('a rehire under a new id has the old profile again, by the employee number', async () => {
  await using here = await install({ config });
  const old = here.person(0);
  await here.sync();
  await here.publish([{ ...old, employeeType: 'left' }, ...here.people.slice(1)]);
  await here.sync();
  const back: SamplePerson = { ...old, entryUuid: another };
  await here.publish([back, ...here.people.slice(1)]);

  await here.sync();

  const link = await linkOf(here.engine.store.db, sourceId('people'), anchor(another));
  expect(here.sandbox.find(old.mail)?.profile).toMatchObject({
    profile_id: link?.profileId,
    is_active: true,
  });
  expect(await linkOf(here.engine.store.db, sourceId('people'), anchor(old.entryUuid))).toBeUndefined();
  expect(await auditOf(here, 'link.released')).toMatchObject([{ anchor: old.entryUuid }]);
  expect((await here.operations(await here.release())).length).toBe(0);
});

test('whoever leaves one source and is in another is handed over, and is active all the time', async () => {
  await using here = await install({ config });
  const [mover] = here.people;
  if (mover === undefined) throw new Error('There is nobody.');
  const inCloud: SamplePerson = { ...mover, entryUuid: another };
  await publishCloud(here, [inCloud]);
  await here.sync();
  await syncOf(here, 'cloud');
  const kept = here.sandbox.find(mover.mail)?.profile.profile_id;
  const before = here.effects().length;

  await here.publish([{ ...mover, employeeType: 'left' }, ...here.people.slice(1)]);
  const left = await here.release();
  const said = (await here.findings(left)).find((one) => one.anchor === mover.entryUuid);
  await syncOf(here, 'cloud');

  expect(said).toMatchObject({ kind: 'waiting', reason: expect.stringContaining('source cloud has them') });
  expect(await here.operations(left)).toEqual([]);
  const { db } = here.engine.store;
  expect(await linkOf(db, sourceId('people'), anchor(mover.entryUuid))).toBeUndefined();
  expect(await linkOf(db, sourceId('cloud'), anchor(another))).toMatchObject({
    profileId: profileId(String(kept)),
    employeeNumber: mover.employeeNumber,
  });
  expect(here.sandbox.find(mover.mail)?.profile).toMatchObject({ profile_id: kept, is_active: true });
  expect(
    here
      .effects()
      .slice(before)
      .filter((effect) => !effect.startsWith('edit')),
  ).toEqual([]);
  const released = await auditOf(here, 'link.released');
  expect(released.map(({ source_id: from, anchor: who }) => [from, who])).toEqual([
    ['people', mover.entryUuid],
  ]);
});
