import { describe, expect, test } from 'vitest';
import { cursorOf } from '../../../src/store/sources/cursors.ts';
import { people } from '../../engine/installation.ts';
import { hour, stage, summaryOf } from './stage.ts';

describe('nothing is lost between deltas:', () => {
  test('whoever’s operation failed is asked for again after an hour, though they have not changed', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.put('bob');
    here.sandbox.fault({ operation: 'create', times: 1, effect: { kind: 'status', status: 400 } });
    const failed = await here.run('delta');
    const atOnce = await here.run('delta');
    here.later(hour + 1_000);

    const later = await here.run('delta');

    expect([await here.deeds(failed), await here.deeds(atOnce), await here.deeds(later)]).toEqual([
      ['create bob failed'],
      [],
      ['create bob done'],
    ]);
  });

  test('whoever’s operation is overtaken is asked for again', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.put('ann', { mail: 'new@example.com' });
    const run = await here.conducted('delta');
    here.sandbox.editUser('ann@example.com', { email: 'hand@example.com' });
    await here.carryOut(run);

    const next = await here.run('delta');

    expect(await here.deeds(run)).toEqual(['edit ann superseded']);
    expect(await here.deeds(next)).toEqual(['edit ann done']);
  });

  test('whoever is in conflict is looked at again as soon as something was done in the org', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob']) here.source.put(id);
    await here.run('full');
    // Bob gets Ann's address while she still has it; then she gets another.
    here.source.put('bob', { mail: 'ann@example.com' });
    await here.run('delta');
    here.source.put('ann', { mail: 'anna@example.com' });
    await here.run('delta');

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual(['edit bob done']);
  });

  test('a delta that breaks off keeps its place, uses what came, and removes nobody', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob', 'cho']) here.source.put(id);
    await here.run('full');
    here.source.put('ann', { title: 'Anna' });
    here.source.take('bob', 'deleted');
    here.source.nextEnd('broken');

    const broken = await here.run('delta');
    const whole = await here.run('delta');

    expect(await summaryOf(here, broken)).toMatchObject({ incomplete: 'The connection was lost.' });
    expect(await here.deeds(broken)).toEqual(['edit ann done']);
    expect(await here.deeds(whole)).toEqual(['deactivate bob done']);
  });

  test('a stream of changes that ends without a word is one that broke off', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.take('ann', 'deleted');
    here.source.nextEnd('silence');

    expect(await here.deeds(await here.run('delta'))).toEqual([]);
    expect(await here.deeds(await here.run('delta'))).toEqual(['deactivate ann done']);
  });
});

test('a cursor is kept with its plan, or not at all', async () => {
  await using here = await stage();
  here.source.put('ann');
  const { db } = here.engine.store;
  await here.run('full');
  const before = await cursorOf(db, people);
  here.source.put('bob');
  const run = await here.conducted('delta', 'plan');
  expect(await cursorOf(db, people)).toEqual(before);

  const applied = await here.run('delta');

  expect(run).not.toBe(applied);
  expect(await cursorOf(db, people)).toMatchObject({ run_id: applied, cursor: '2' });
});
