import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { latestEntries, verifyAllEntries, verifyArchives } from '../../src/audit/index.ts';
import { keepRetention } from '../../src/engine/rounds/retention.ts';
import { runOf } from '../../src/store/runs/runs.ts';
import { install } from './installation.ts';

const daysFromNow = (days: number) => () => new Date(Date.now() + days * 86_400_000);

test('what is old enough is archived and deleted, once a day, by one process; the work goes on as before', async () => {
  await using here = await install({
    people: 3,
    config: { retention: '{ audit: 30d, runs: 20d, operations: 10d, archive: archive }' },
  });
  const { engine } = here;
  const { db } = engine.store;
  const first = await here.sync();
  await here.publish(here.people.map((person) => ({ ...person, title: 'Captain' })));
  const second = await here.sync();
  const other = await here.another();
  const { signal } = new AbortController();

  const kept = await Promise.all([
    keepRetention(engine, signal, daysFromNow(31)),
    keepRetention(other, signal, daysFromNow(31)),
  ]);

  expect(kept.filter(Boolean)).toHaveLength(1);
  expect(await keepRetention(other, signal, daysFromNow(31))).toBe(false);
  expect(await here.operations(first.run.id)).toEqual([]);
  expect(await runOf(db, first.run.id)).toBeUndefined();
  expect(await runOf(db, second.run.id)).toBeDefined();
  expect((await latestEntries(db, {}, 100)).map(({ action }) => action)).toEqual(['audit.archived']);
  const folder = join(here.folder, 'archive');
  expect(
    await verifyArchives(
      db,
      readdirSync(folder).map((name) => join(folder, name)),
    ),
  ).toMatchObject({
    kind: 'whole',
    first: 1,
  });
  expect(await verifyAllEntries(db)).toMatchObject({ kind: 'whole' });

  const third = await here.sync();
  expect(third.run.state).toBe('done');
  expect(await here.operations(third.run.id)).toEqual([]);
  expect(here.effects()).toHaveLength(6);
});

test('without a word about it, nothing of the audit log goes', async () => {
  await using here = await install({ people: 1 });
  await here.sync();
  const before = await latestEntries(here.engine.store.db, {}, 100);

  await keepRetention(here.engine, new AbortController().signal, daysFromNow(10_000));

  expect(await latestEntries(here.engine.store.db, {}, 100)).toEqual(before);
});
