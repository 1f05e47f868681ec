import { describe, expect, test } from 'vitest';
import { runOf } from '../../../src/store/runs/runs.ts';
import { stage } from './stage.ts';

describe('a delta', () => {
  test('without any change asks the org for nothing at all, and ends in an empty plan', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob', 'cho']) here.source.put(id);
    await here.run('full');
    here.requests();

    const run = await here.conducted('delta');

    expect(here.requests()).toEqual([]);
    expect(await runOf(here.engine.store.db, run)).toMatchObject({
      state: 'done',
      reading: 'delta',
      summary: {
        identities: 0,
        reading: 'delta',
        fallback: null,
        incomplete: null,
        linkedActive: 3,
        profiles: 3,
      },
    });
    expect(here.source.asked).toEqual(['everybody', 'changes']);
  });

  test('with one changed person asks for their profile alone, and edits it', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob', 'cho']) here.source.put(id);
    await here.run('full');
    here.source.put('bob', { title: 'Robert' });
    here.requests();

    const run = await here.conducted('delta');

    expect(here.requests()).toEqual(['get: 1', 'me: 1']);
    await here.carryOut(run);
    expect(await here.deeds(run)).toEqual(['edit bob done']);
    expect(await here.deeds(await here.run('delta'))).toEqual([]);
  });

  test('with somebody new lists the org, and creates them', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.put('bob');
    here.requests();

    const run = await here.conducted('delta');

    expect(here.requests()).toEqual(['list: 2', 'me: 1']);
    await here.carryOut(run);
    expect(await here.deeds(run)).toEqual(['create bob done']);
  });

  test('with a changed e-mail address lists the org, and gives nobody an address that is taken', async () => {
    await using here = await stage({
      sandbox: { users: [{ email: 'taken@example.com', username: 'taken' }] },
    });
    here.source.put('ann');
    await here.run('full');
    here.source.put('ann', { mail: 'taken@example.com' });

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual([]);
    expect(await here.reasons(run)).toEqual(['conflict ann']);
  });

  test('leaves everybody as they are of whom it does not tell', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob', 'cho']) here.source.put(id);
    await here.run('full');
    here.source.take('ann', 'silently');
    here.source.put('bob', { title: 'Robert' });

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual(['edit bob done']);
    expect(here.source.asked.filter((one) => one.startsWith('lookup'))).toEqual([]);
  });

  test('that is a dry run shows what it would do, and keeps its place', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.put('ann', { title: 'Anna' });

    const dry = await here.run('delta', 'plan');
    const run = await here.run('delta');

    expect(await here.deeds(dry)).toEqual(['edit ann planned']);
    expect(await here.deeds(run)).toEqual(['edit ann done']);
  });
});
