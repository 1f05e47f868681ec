/** The number that HR knows somebody by, from the directory to the link, in PostgreSQL. */
import { expect, test } from 'vitest';
import { linkOf } from '../../src/store/people/links.ts';
import { anchor } from '../builders/people.ts';
import { install, people } from '../engine/installation.ts';

test('whoever is created has their employee number on the link at once, and the one that the source told last', async () => {
  await using here = await install({ people: 2 });
  const [ann, bob] = [here.person(0), here.person(1)];
  const numberOf = async (one: typeof ann) =>
    (await linkOf(here.engine.store.db, people, anchor(one.entryUuid)))?.employeeNumber;

  await here.sync();
  const first = [await numberOf(ann), await numberOf(bob)];
  await here.publish([{ ...ann, employeeNumber: 'E-1' }, bob]);
  await here.sync();
  await here.publish([{ ...ann, employeeNumber: '' }, bob]);
  await here.sync();

  expect(first).toEqual([ann.employeeNumber, bob.employeeNumber]);
  expect(await numberOf(ann)).toBe('E-1');
});
