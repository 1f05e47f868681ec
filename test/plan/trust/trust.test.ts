/** What a run makes of a reading that looks too different from the last one. */
import { describe, expect, test } from 'vitest';
import { trustedReading } from '../../../src/store/sources/trusted-readings.ts';
import { type Installation, type InstallationOptions, install, people } from '../../engine/installation.ts';

const synced = async (options: InstallationOptions): Promise<Installation> => {
  const here = await install({ people: 40, ...options });
  await here.sync();
  return here;
};

const peopleTrusted = async ({ engine }: Installation): Promise<number> =>
  (await trustedReading(engine.store.db, people))?.census.branches.reduce(
    (sum, { marks }) => sum + marks.length,
    0,
  ) ?? 0;

const deactivations = (here: Installation) =>
  here.effects().filter((effect) => effect.startsWith('deactivated'));

const many = { guards: '{ maxDeactivations: { count: 100 } }' };

describe('a source that shrank', () => {
  test('removes nobody, says so, and stays what is measured against; others join all the same', async () => {
    await using here = await synced({ config: many });
    const [moved, newcomer, ...rest] = here.people;
    if (moved === undefined || newcomer === undefined) throw new Error('nobody');
    await here.publish([
      ...rest.slice(7),
      { ...newcomer, uid: 'new', entryUuid: '00000000-0000-4000-8000-0000000000ff', mail: 'new@example.com' },
    ]);

    const { run } = await here.sync();
    const again = await here.sync();

    expect(run.summary?.incomplete).toContain('the source had 40 people and has 32 now (9 gone, 5 allowed)');
    expect(again.run.summary?.incomplete).toContain('had 40 people');
    expect(deactivations(here)).toEqual([]);
    expect(here.effects()).toContainEqual(expect.stringContaining('new@example.com'));
    expect(await peopleTrusted(here)).toBe(40);
  });

  test('may do so by a person’s word, for one run; then it is the norm', async () => {
    await using here = await synced({ config: many });
    await here.publish(here.people.slice(10));

    const tooFew = await here.sync(undefined, { guards: { maxShrink: 9 }, reason: 'Vienna was sold' });
    const accepted = await here.sync(undefined, { guards: { maxShrink: 10 }, reason: 'Vienna was sold' });
    await here.publish(here.people.slice(6));
    const later = await here.sync();

    expect(tooFew.run.summary?.incomplete).toContain('10 gone');
    expect(accepted.run.summary?.incomplete).toBeNull();
    expect(deactivations(here)).toHaveLength(10);
    expect(later.run.summary?.incomplete).toContain('had 30 people and has 24 now');
  });

  test('may lose as many as guards.maxShrink allows', async () => {
    await using here = await synced({
      config: { guards: '{ maxDeactivations: { count: 100 }, maxShrink: { percent: 50 } }' },
    });
    await here.publish(here.people.slice(20));

    const { run } = await here.sync();

    expect(run.summary?.incomplete).toBeNull();
    expect(deactivations(here)).toHaveLength(20);
    expect(await peopleTrusted(here)).toBe(20);
  });

  test('is no norm after a dry run, or after a run for one person', async () => {
    await using here = await install({ people: 10 });

    await here.plan();
    await here.sync(here.person(0).mail);

    expect(await peopleTrusted(here)).toBe(0);
  });
});

describe('a reading without a sentinel', () => {
  test('removes nobody and names them', async () => {
    const first = await install({ people: 12 });
    const sentinel = first.person(0).mail;
    await first[Symbol.asyncDispose]();
    await using here = await synced({
      people: 12,
      config: { guards: `{ sentinels: ["${sentinel.toUpperCase()}"] }` },
    });
    await here.publish(here.people.slice(2));

    const { run } = await here.sync();

    expect(run.summary?.incomplete).toContain(`The sentinel ${sentinel.toUpperCase()} was not seen`);
    expect(deactivations(here)).toEqual([]);
  });
});
