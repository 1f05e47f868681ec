import { describe, expect, test } from 'vitest';
import { type Stage, stage, summaryOf } from './stage.ts';

describe('the whole source is read instead, and the run says so,', () => {
  test.each<[string, (here: Stage) => Promise<void> | void, string]>([
    ['where there was no complete reading yet', () => undefined, 'There is no complete reading yet'],
    [
      'where the only reading was incomplete',
      async (here) => {
        here.source.cutNextReading();
        await here.run('full');
      },
      'There is no complete reading yet',
    ],
    [
      'where the rules have changed',
      async (here) => {
        await here.run('full', 'apply', 'another');
      },
      'the rules have changed',
    ],
    [
      'where the cursor is lost',
      async (here) => {
        await here.run('full');
        here.source.nextEnd('cursor-lost');
      },
      'The server does not know the cursor any more.',
    ],
    [
      'where the source cannot tell with such rules',
      (here) => {
        Object.assign(here.source, { cannotTellChanges: () => 'The rules ask for groups.' });
      },
      'read in place of its changes. The rules ask for groups.',
    ],
    [
      'where the source cannot tell',
      (here) => {
        Object.assign(here.source, { changes: undefined });
      },
      'This source cannot tell what has changed',
    ],
  ])('%s', async (_, prepare, why) => {
    await using here = await stage();
    for (const id of ['ann', 'bob']) here.source.put(id);
    await prepare(here);
    here.source.take('bob', 'out-of-view');

    const run = await here.run('delta');

    expect(await summaryOf(here, run)).toMatchObject({
      reading: 'full',
      incomplete: null,
      fallback: expect.stringContaining(why),
    });
    expect(here.sandbox.find('ann@example.com')?.profile.is_active).toBe(true);
    expect(here.sandbox.find('bob@example.com')?.profile.is_active ?? false).toBe(false);
  });
});
