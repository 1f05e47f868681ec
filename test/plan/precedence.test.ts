/** One attribute is another source's to say: real files, org, PostgreSQL and Redis. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import type { SamplePerson } from '../../src/cli/demo/sample-directory.ts';
import { keepClaims } from '../../src/store/people/claims.ts';
import { linksOf } from '../../src/store/people/links.ts';
import { dueRevisits } from '../../src/store/sources/cursors.ts';
import { anchor, sourceId } from '../builders/people.ts';
import { explained, textOf } from '../engine/explain/explaining.ts';
import { type Installation, install, people } from '../engine/installation.ts';

const active = `active: 'user.employeeType != "left"'`;
const config = {
  correlation: '[email, employee-number]',
  precedence: '{ organization_role: [cloud, people] }',
  sources: `[{ id: people, type: ldif, file: people.ldif, ${active} }, { id: cloud, type: ldif, file: cloud.ldif, ${active} }]`,
};
const inCloud = (person: SamplePerson, title: string): SamplePerson => ({
  ...person,
  title,
  entryUuid: '11111111-2222-4333-8444-555555555555',
});
const cloud = sourceId('cloud');

async function syncCloud(here: Installation, person: SamplePerson, title: string): Promise<void> {
  await writeFile(join(here.folder, 'cloud.ldif'), toLdif([inCloud(person, title)]));
  await here.carryOut(await here.releaseOf('cloud'));
}

const roleOf = (here: Installation, person: SamplePerson) =>
  here.sandbox.find(person.mail)?.extras.organization_role;

test('the second source’s word on it is sent by the first one, which is told of every change', async () => {
  await using here = await install({ people: 3, config });
  const ann = here.person(0);
  const { db } = here.engine.store;
  await here.sync();
  expect(roleOf(here, ann)).toBe(ann.title);

  await syncCloud(here, ann, 'Head of everything');
  expect(await dueRevisits(db, people, new Date())).toContain(ann.entryUuid);
  await here.sync();
  expect(roleOf(here, ann)).toBe('Head of everything');
  expect(await here.operations(await here.release())).toEqual([]);

  await syncCloud(here, ann, 'Head of everything');
  expect(await dueRevisits(db, people, new Date())).toEqual([]);
  await syncCloud(here, ann, 'Head of nothing');
  expect(await dueRevisits(db, people, new Date())).toEqual([ann.entryUuid]);

  const explanation = await explained(here, ann.mail);
  expect(textOf(explanation)).toContain('source cloud goes first for it, and gives "Head of nothing"');
  expect(explanation.people.find(({ source }) => source === people)?.next).toMatchObject({
    kind: 'operation',
    operation: { kind: 'edit', after: { organization_role: 'Head of nothing' } },
  });
  await here.sync();
  expect(roleOf(here, ann)).toBe('Head of nothing');
});

test('where the second source has them no more, the first one’s word counts again', async () => {
  await using here = await install({ people: 3, config });
  const ann = here.person(0);
  await here.sync();
  await syncCloud(here, ann, 'Head of everything');
  await here.sync();

  await writeFile(join(here.folder, 'cloud.ldif'), toLdif([{ ...inCloud(ann, ''), employeeType: 'left' }]));
  await here.carryOut(await here.releaseOf('cloud'));
  await here.sync();

  expect(roleOf(here, ann)).toBe(ann.title);
  expect(here.sandbox.find(ann.mail)?.profile.is_active).toBe(true);
});

test('what nobody can know now stands as it was told before', async () => {
  await using here = await install({ people: 1, config });
  const { db } = here.engine.store;
  await here.sync();
  const [held] = await linksOf(db, people);
  if (held?.profileId === undefined) throw new Error('Nobody is linked.');
  const claim = {
    ...{ anchor: anchor('c'), label: 'c', profileId: held.profileId, isSamePerson: true },
    ...{ offers: { organization_role: 'Head', phone: '1' }, unknown: [] },
  };
  const keep = (offers: Record<string, string>, unknown: readonly string[]) =>
    keepClaims(db, cloud, 'everybody', [{ ...claim, offers, unknown }], new Date());

  expect(await keep(claim.offers, [])).toEqual([held.profileId]);
  expect(await keep({ phone: '1' }, ['organization_role'])).toEqual([]);
  expect(await keep({ phone: '2' }, ['organization_role'])).toEqual([held.profileId]);
  expect(await keep({ phone: '2' }, [])).toEqual([held.profileId]);
});
