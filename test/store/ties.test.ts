import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
import { keepPrints, keepRecords, type StoredTie, tiesOf } from '../../src/store/people/ties.ts';
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

const aHash = expect.stringMatching(/^-?\d+$/);

async function tiesOfAll(source: string, version = 1): Promise<readonly StoredTie[]> {
  const ties: StoredTie[] = [];
  for await (const page of tiesOf(opened.store.db, sourceId(source), version)) ties.push(...page);
  return ties;
}

test('ties are the links of their source, with what was applied', async () => {
  const { db } = opened.store;
  const applied = {
    email: 'ann@example.com',
    name: 'Änn "A" \\ Archer\nII',
    level: 3,
    tags: ['x', null],
    on: true,
  };
  await keepLink(db, link({ id: 'ann', applied, employeeNumber: '4711' }));
  await keepLink(db, link({ id: 'bob', pending: true }));
  await keepLink(db, link({ id: 'eve', source: sourceId('cloud') }));

  expect(await tiesOfAll('corp')).toEqual([
    {
      ...{ anchor: 'ann', profileId: 'P-ann', isPlain: true },
      of: { label: 'uid=ann', employeeNumber: '4711', applied, hash: aHash },
    },
    {
      ...{ anchor: 'bob', profileId: undefined, isPlain: false },
      of: { label: 'uid=bob', employeeNumber: undefined, applied: {}, hash: aHash },
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

describe('a print that is kept', () => {
  const source = sourceId('printed');
  const print = { low: -2_147_483_648, high: 7 };
  const printed = { anchor: 'kim', profileId: 'P-kim', isPlain: true, of: { ...print, record: undefined } };

  const keptOf = async (version: number): Promise<readonly StoredTie[]> => {
    const ties = await tiesOfAll(source, version);
    const fresh = ties.flatMap(({ anchor, of }) =>
      'hash' in of ? [{ anchor, hash: of.hash, ...print }] : [],
    );
    await keepPrints(opened.store.db, source, fresh);
    return await tiesOfAll(source, version);
  };

  beforeEach(async () => {
    const { db } = opened.store;
    await keepLink(
      db,
      link({ id: 'kim', source, applied: { email: 'kim@example.com' }, employeeNumber: '12' }),
    );
  });

  test('is all that is read of a link from then on', async () => {
    expect(await keptOf(1)).toEqual([printed]);
  });

  test.each([
    ['what was applied', { applied: { email: 'kim@example.org' } }],
    ['an attribute more', { applied: { email: 'kim@example.com', title: 'CEO' } }],
    ['the employee number', { applied: { email: 'kim@example.com' }, employeeNumber: '13' }],
  ])('is not used once the link has changed: %s', async (_what, changed) => {
    await keptOf(1);
    await keepLink(opened.store.db, link({ id: 'kim', source, ...changed }));

    const [tie] = await tiesOfAll(source);

    expect(tie?.of).toMatchObject({ label: 'uid=kim', applied: changed.applied });
    expect(await keptOf(1)).toEqual([printed]);
  });

  test('is not used by a version that makes prints in another way', async () => {
    await keptOf(1);

    expect(await tiesOfAll(source, 2)).toMatchObject([{ of: { label: 'uid=kim' } }]);
    expect(await keptOf(2)).toEqual([printed]);
    expect(await tiesOfAll(source, 1)).toMatchObject([{ of: { label: 'uid=kim' } }]);
  });

  describe('with the record of the source that says the same', () => {
    const record = { of: { low: -7, high: 2_147_483_647 }, shown: { low: 0, high: -1 } };
    const learnt = { anchor: anchor('kim'), print, record };

    test('comes with it from then on', async () => {
      await keptOf(1);

      await keepRecords(opened.store.db, source, [learnt]);

      expect(await tiesOfAll(source, 1)).toEqual([{ ...printed, of: { ...print, record } }]);
    });

    test('is not used once the link has changed, even back again', async () => {
      await keptOf(1);
      await keepRecords(opened.store.db, source, [learnt]);
      await keepLink(opened.store.db, link({ id: 'kim', source, applied: { email: 'kim@example.org' } }));

      expect(await keptOf(1)).toEqual([printed]);

      await keepLink(
        opened.store.db,
        link({ id: 'kim', source, applied: { email: 'kim@example.com' }, employeeNumber: '12' }),
      );
      expect(await keptOf(1)).toEqual([printed]);
    });

    test('is not kept for another print than that of which it was learnt', async () => {
      await keptOf(1);

      await keepRecords(opened.store.db, source, [{ ...learnt, print: { ...print, low: 1 } }]);
      await keepRecords(opened.store.db, sourceId('other'), [learnt]);

      expect(await tiesOfAll(source, 1)).toEqual([printed]);
    });
  });

  test('of a link that has changed since it was read is as good as none, and of one that is gone is not kept', async () => {
    const { db, pool } = opened.store;
    const [read] = await tiesOfAll(source, 3);
    const hash = read !== undefined && 'hash' in read.of ? read.of.hash : '';
    await keepLink(db, link({ id: 'kim', source, applied: { email: 'late@example.com' } }));
    await keepPrints(db, source, [
      { anchor: anchor('kim'), hash, ...print },
      { anchor: anchor('gone'), hash, ...print },
    ]);

    expect(await tiesOfAll(source, 3)).toMatchObject([{ of: { applied: { email: 'late@example.com' } } }]);

    await pool.query("DELETE FROM links WHERE source_id = 'printed'");
    expect(await tiesOfAll(source, 3)).toEqual([]);
    expect((await pool.query('SELECT * FROM link_prints')).rows).toEqual([]);
  });
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
