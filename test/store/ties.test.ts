import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/store/index.ts';
import type { RunId } from '../../src/store/operations/operation.ts';
import {
  noteAbsent,
  noteDeleted,
  noteExempt,
  noteGone,
  noteLeft,
} from '../../src/store/people/link-sightings.ts';
import { keepLink, noteApplied, noteDeactivatedBy } from '../../src/store/people/links.ts';
import { type StoredTie, tiesOf } from '../../src/store/people/ties.ts';
import { link, profileId } from '../builders/org.ts';
import { anchor, sourceId } from '../builders/people.ts';
import { noon } from '../builders/run.ts';
import { newStore, type TestStore } from './stores.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await newStore('server');
  await migrate(opened.store.db);
});
afterAll(() => opened.end());

async function tiesOfAll(source: string): Promise<readonly StoredTie[]> {
  const ties: StoredTie[] = [];
  for await (const page of tiesOf(opened.store.db, sourceId(source))) ties.push(...page);
  return ties;
}

test('ties are the links of their source, with what was applied', async () => {
  const { db } = opened.store;
  const applied = {
    email: 'ann@example.com',
    name: 'Änn "A" \\ Archer',
    level: 3,
    tags: ['x', null],
    on: true,
  };
  await keepLink(db, link({ id: 'ann', applied, employeeNumber: '4711' }));
  await keepLink(db, link({ id: 'bob', pending: true }));
  await keepLink(db, link({ id: 'eve', source: sourceId('cloud') }));

  expect(await tiesOfAll('corp')).toEqual([
    {
      ...{
        anchor: 'ann',
        profileId: 'P-ann',
        label: 'uid=ann',
        employeeNumber: '4711',
        applied,
        isPlain: true,
      },
    },
    {
      ...{ anchor: 'bob', profileId: undefined, label: 'uid=bob', employeeNumber: undefined, applied: {} },
      isPlain: false,
    },
  ]);
  expect(await tiesOfAll('nowhere')).toEqual([]);
});

test('a link to which there is more than that is not plain', async () => {
  const { db } = opened.store;
  const source = sourceId('changed');
  const names = ['absent', 'deleted', 'left', 'gone', 'exempt', 'deactivated', 'unkept', 'plain'];
  for (const id of names) await keepLink(db, link({ id, source }));
  await noteAbsent(db, source, [anchor('absent')], noon);
  await noteDeleted(db, source, [anchor('deleted')], noon);
  await noteLeft(db, source, [anchor('left')], noon);
  await noteGone(db, source, [profileId('P-gone')], noon);
  await noteExempt(db, source, [{ anchor: anchor('exempt'), isExempt: true }]);
  await noteDeactivatedBy(db, { source, anchor: anchor('deactivated') }, 'k3v9m2wt' as RunId);
  const values = { email: undefined, applied: {}, unkept: { title: 'CEO' } };
  await noteApplied(db, { source, anchor: anchor('unkept') }, values);

  const ties = await tiesOfAll('changed');

  expect(ties).toHaveLength(names.length);
  expect(ties.filter(({ isPlain }) => isPlain).map((tie) => tie.anchor)).toEqual(['plain']);
});

test('many links come in pages, each once', async () => {
  const source = 'many';
  await opened.store.pool.query(
    `INSERT INTO links (source_id, anchor, profile_id, label, origin, applied, unkept)
     SELECT 'many', 'a' || n, 'm' || n, 'label', 'created', '{}', '{}' FROM generate_series(1, 10000) AS n`,
  );

  const ties = await tiesOfAll(source);

  expect(ties).toHaveLength(10_000);
  expect(new Set(ties.map((tie) => tie.anchor)).size).toBe(10_000);
});
