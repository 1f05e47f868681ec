/** Leave dates fire at their time and not at the next poll, and follow their source until then. */
import { expect, test } from 'vitest';
import type { DepartureRecord } from '../../src/store/departures/departure.ts';
import { stage } from '../plan/delta/stage.ts';
import { standing } from './office.ts';

const soon = (ms: number): Date => new Date(Math.ceil((Date.now() + ms) / 1_000) * 1_000);
const far = new Date('2099-01-31T00:00:00Z');
const farther = new Date('2099-02-28T00:00:00Z');
const times = (departures: readonly DepartureRecord[]) => departures.map(({ dueAt }) => dueAt.toISOString());

test('somebody is deactivated when their date comes, with no reading of the source in between', async () => {
  await using here = await stage();
  const { source, engine } = here;
  source.put('ann', {}, soon(4_000));
  source.put('bob', {}, far);
  await here.run('full');
  const readings = source.asked.length;
  const [first] = await standing(here);

  expect(await engine.desk.releaseDue()).toBe(0);
  await new Promise((next) => setTimeout(next, (first?.dueAt.getTime() ?? 0) - Date.now() + 50));
  expect(await engine.desk.releaseDue()).toBe(1);

  const [left] = await standing(here);
  await here.carryOut(left?.run ?? first?.run ?? expect.fail('No run was made.'));
  expect(here.effects().at(-1)).toBe('deactivated ann@example.com');
  expect(source.asked.length).toBe(readings);
  await here.run('full');
  expect(here.effects().at(-1)).toBe('deactivated ann@example.com');
});

test.each([
  'full',
  'delta',
] as const)('a %s reading moves a date and ends it, as the source says', async (reading) => {
  await using here = await stage();
  const { source } = here;
  source.put('ann', {}, far);
  await here.run('full');
  expect(times(await standing(here))).toEqual([far.toISOString()]);

  source.put('ann', {}, farther);
  await here.run(reading);
  expect(times(await standing(here))).toEqual([farther.toISOString()]);

  source.put('ann');
  await here.run(reading);
  expect(await standing(here)).toEqual([]);
});

test('whoever’s date has come is back when the source names a later one, and leaves again then', async () => {
  await using here = await stage();
  const { source, engine } = here;
  source.put('ann', {}, far);
  await here.run('full');
  await engine.store.db
    .updateTable('departures')
    .set({ due_at: new Date('2026-01-31T00:00:00Z') })
    .execute();
  await engine.desk.releaseDue();
  const [left] = await standing(here);
  await here.carryOut(left?.run ?? expect.fail('No run was made.'));

  source.put('ann', {}, farther);
  await here.run('full');

  expect(here.effects().slice(-2)).toEqual(['deactivated ann@example.com', 'reactivated ann@example.com']);
  expect(times(await standing(here))).toEqual([farther.toISOString()]);
});

test('a dry run keeps no dates', async () => {
  await using here = await stage();
  here.source.put('ann', {}, far);

  await here.run('full', 'plan');

  expect(await standing(here)).toEqual([]);
});

test('more dates of one day than the guard lets pass are held in one plan', async () => {
  await using here = await stage({ config: { guards: '{ maxDeactivations: { count: 1, percent: 0 } }' } });
  for (const id of ['ann', 'bob', 'cid']) here.source.put(id, {}, far);
  await here.run('full');
  await here.engine.store.db
    .updateTable('departures')
    .set({ due_at: new Date('2026-01-31T00:00:00Z') })
    .execute();

  expect(await here.engine.desk.releaseDue()).toBe(0);

  const held = await standing(here);
  expect(new Set(held.map(({ run }) => run)).size).toBe(1);
  expect(held.map(({ isHeld }) => isHeld)).toEqual([true, true, true]);
  expect(await here.engine.desk.releaseDue()).toBe(0);
});
