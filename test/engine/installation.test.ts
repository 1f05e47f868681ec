import { expect, test } from 'vitest';
import { combinations } from '../e2e/stage.ts';
import { install } from './installation.ts';

test.each(
  combinations,
)('a first run creates everybody, a second finds nothing to do, on %s', async (combination) => {
  await using here = await install({ combination });

  const first = await here.sync();
  const second = await here.sync();

  expect(first.counts).toEqual(new Map([['done', 8]]));
  expect(here.effects().sort()).toEqual(here.people.map(({ mail }) => `created ${mail}`).sort());
  expect(second.run.state).toBe('done');
  expect(second.counts).toEqual(new Map());
});
