import { describe, expect, test } from 'vitest';
import { hour, stage } from './stage.ts';

describe('somebody who goes', () => {
  test('by the source’s own word that they were deleted is deactivated at once, after a look-up', async () => {
    await using here = await stage({ config: { lifecycle: '{ grace: 24h }' } });
    for (const id of ['ann', 'bob']) here.source.put(id);
    await here.run('full');
    here.source.take('ann', 'deleted');

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual(['deactivate ann done']);
    expect((await here.operations(run))[0]?.reason).toBe(
      'Their entry was deleted in the source; a look-up confirmed it.',
    );
    expect(here.source.asked).toContain('lookup ann');
  });

  test('by a word that the look-up denies is kept', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.take('ann', 'deleted');
    const { changes } = here.source;
    // They are back before anybody looks.
    const tell: typeof changes = async function* (request) {
      if (changes === undefined) return;
      for await (const part of changes(request)) {
        if (part.kind === 'end') here.source.put('ann');
        yield part;
      }
    };
    Object.assign(here.source, { changes: tell });

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual([]);
    expect(await here.reasons(run)).toEqual(['left ann']);
    expect(await here.deeds(await here.run('full'))).toEqual([]);
  });

  test('out of view waits for the grace, and is dealt with by the first delta after it', async () => {
    await using here = await stage({ config: { lifecycle: '{ grace: 24h }' } });
    for (const id of ['ann', 'bob']) here.source.put(id);
    await here.run('full');
    here.source.take('ann', 'out-of-view');

    const first = await here.run('delta');
    here.later(12 * hour);
    const second = await here.run('delta');
    here.later(13 * hour);
    const third = await here.run('delta');

    expect(await here.reasons(first)).toEqual(['waiting ann']);
    expect([await here.deeds(first), await here.deeds(second), await here.deeds(third)]).toEqual([
      [],
      [],
      ['deactivate ann done'],
    ]);
    expect(here.source.asked.filter((one) => one.startsWith('lookup'))).toHaveLength(2);
  });

  test('out of view and comes back within the grace is as before, and their time begins anew', async () => {
    await using here = await stage({ config: { lifecycle: '{ grace: 24h }' } });
    for (const id of ['ann', 'bob']) here.source.put(id);
    await here.run('full');
    here.source.take('ann', 'out-of-view');
    await here.run('delta');
    here.later(12 * hour);
    here.source.put('ann');
    await here.run('delta');
    here.source.take('ann', 'out-of-view');
    await here.run('delta');
    here.later(13 * hour);

    expect(await here.deeds(await here.run('delta'))).toEqual([]);
    here.later(12 * hour);
    expect(await here.deeds(await here.run('delta'))).toEqual(['deactivate ann done']);
  });

  test('and whose deactivation a guard holds is still held, and wanted, after the next deltas', async () => {
    await using here = await stage({
      config: { lifecycle: '{ grace: 24h }', guards: '{ maxDeactivations: { count: 1, percent: 0 } }' },
    });
    for (const id of ['ann', 'bob', 'cho', 'dan']) here.source.put(id);
    await here.run('full');
    for (const id of ['ann', 'bob']) here.source.take(id, 'deleted');

    const run = await here.run('delta');
    here.source.put('dan', { title: 'Daniel' });
    await here.run('delta');
    await here.run('full');

    expect(await here.deeds(run)).toEqual(['deactivate ann held', 'deactivate bob held']);
  });

  test('little by little, one in each delta, does not get past the guard', async () => {
    await using here = await stage({ config: { guards: '{ maxDeactivations: { count: 2, percent: 0 } }' } });
    for (const id of ['ann', 'bob', 'cho', 'dan']) here.source.put(id);
    await here.run('full');

    const deeds: string[] = [];
    for (const id of ['ann', 'bob', 'cho']) {
      here.source.take(id, 'deleted');
      deeds.push(...(await here.deeds(await here.run('delta'))));
    }

    expect(deeds).toEqual(['deactivate ann done', 'deactivate bob done', 'deactivate cho held']);
  });
});
