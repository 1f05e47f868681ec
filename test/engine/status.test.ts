/** What the first line of the day goes by: whether the sources were read, and when the last time. */
import { expect, test } from 'vitest';
import { statusOf } from '../../src/engine/index.ts';
import { sayLeft } from '../offboarding/office.ts';
import { type Installation, install } from './installation.ts';

async function sourceOf({ engine }: Installation) {
  const [source] = (await statusOf(engine)).sources;
  return { run: source?.lastRun?.id, state: source?.lastRun?.state, goodAt: source?.lastGoodReadingAt };
}

test('a run that reads nothing is neither the last run of a source nor a good reading of it', async () => {
  await using here = await install();
  await here.sync();
  const read = await sourceOf(here);
  expect(read).toMatchObject({ state: 'done', goodAt: expect.any(Date) });

  for (const [index, cause] of (['hr-event', 'operator'] as const).entries()) {
    const { run } = await sayLeft(here, here.person(index).mail, { cause });
    if (run !== undefined) await here.carryOut(run);
  }

  expect(here.effects().slice(-2)).toEqual([0, 1].map((one) => `deactivated ${here.person(one).mail}`));
  expect(await sourceOf(here)).toEqual(read);
});

test('a source that could not be read stays so, whoever leaves meanwhile', async () => {
  await using here = await install();
  await here.sync();
  const { goodAt } = await sourceOf(here);
  await here.publishText('this is no LDIF');
  await expect(here.sync()).rejects.toThrow();

  const { run } = await sayLeft(here, here.person(0).mail);
  if (run !== undefined) await here.carryOut(run);

  expect(await sourceOf(here)).toMatchObject({ state: 'failed', goodAt });
});
