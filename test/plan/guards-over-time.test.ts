/** What many small runs do is measured together: nobody gets past a guard in small portions. */
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { type Stage, stage } from './delta/stage.ts';

const guards =
  '{ maxDeactivations: { count: 2, percent: 0 }, maxEdits: { count: 3, percent: 0 }, maxBlanked: { count: 1, percent: 0 }, maxShrink: { count: 100 } }';

/** Ten people who are in the org. */
async function ten(): Promise<Stage> {
  const mapping = '{ email: mail, username: mail, name: cn, phone: telephoneNumber, first_name: givenName }';
  const here = await stage({ config: { guards, mapping, lifecycle: '{ grace: 0s }' } });
  for (let index = 0; index < 10; index += 1) here.source.put(`p${index}`, { telephoneNumber: '1' });
  await here.run('full');
  return here;
}

const aDayLater = async ({ engine }: Stage): Promise<void> => {
  await sql`UPDATE operations SET created_at = created_at - interval '25 hours'`.execute(engine.store.db);
  await sql`UPDATE runs SET planned_at = planned_at - interval '25 hours'`.execute(engine.store.db);
};

describe('leavers, one in each run, are held from the limit on', () => {
  test.each([
    ['deltas', ['delta', 'delta', 'delta'] as const],
    ['deltas with whole readings between them', ['delta', 'full', 'delta'] as const],
    ['whole readings alone', ['full', 'full', 'full'] as const],
  ])('by %s', async (_what, readings) => {
    await using here = await ten();
    const deeds: string[] = [];
    for (const [index, reading] of readings.entries()) {
      here.source.take(`p${index}`, 'deleted');
      deeds.push(...(await here.deeds(await here.run(reading))));
    }

    expect(deeds).toEqual(['deactivate p0 done', 'deactivate p1 done', 'deactivate p2 held']);
  });

  test('but a day later they may go, if everybody was seen meanwhile', async () => {
    await using here = await ten();
    for (const id of ['p0', 'p1']) here.source.take(id, 'deleted');
    await here.run('full');
    await aDayLater(here);
    here.source.take('p2', 'deleted');

    expect(await here.deeds(await here.run('delta'))).toEqual(['deactivate p2 done']);
  });

  test('and what a person approved is not counted again', async () => {
    await using here = await ten();
    for (const id of ['p0', 'p1', 'p2']) here.source.take(id, 'deleted');
    const held = await here.run('delta');
    await here.approve(held);
    await here.carryOut(held);
    here.source.take('p3', 'deleted');

    expect(await here.deeds(await here.run('delta'))).toEqual(['deactivate p3 done']);
  });

  test('nor what somebody approved as a dry run', async () => {
    await using here = await ten();
    for (const id of ['p0', 'p1']) here.source.take(id, 'deleted');
    const plan = await here.run('full', 'plan');
    await here.approve(plan);
    await here.carryOut(plan);
    here.source.take('p2', 'deleted');

    expect(await here.deeds(await here.run('full'))).toEqual(['deactivate p2 done']);
  });
});

describe('edits of one attribute', () => {
  test('are held from the limit on, however few in each delta; those of another one go on', async () => {
    await using here = await ten();
    const deeds: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      here.source.put(`p${index}`, { telephoneNumber: '2' });
      deeds.push(...(await here.deeds(await here.run('delta'))));
    }
    here.source.put('p9', { telephoneNumber: '1', givenName: 'Zoe' });
    deeds.push(...(await here.deeds(await here.run('delta'))));

    expect(deeds).toEqual(['edit p0 done', 'edit p1 done', 'edit p2 done', 'edit p3 held', 'edit p9 done']);
  });

  test('that a mapping mistake empties are held all, and once approved go out', async () => {
    await using here = await ten();
    for (let index = 0; index < 3; index += 1) here.source.put(`p${index}`, { telephoneNumber: '' });

    const run = await here.run('full');
    expect(await here.deeds(run)).toEqual(['edit p0 held', 'edit p1 held', 'edit p2 held']);
    await here.approve(run);
    await here.carryOut(run);

    expect(await here.deeds(run)).toEqual(['edit p0 done', 'edit p1 done', 'edit p2 done']);
  });
});
