/** Five seeds of the chaos suite: each scenario, each combination of store and queue. `npm run chaos` runs as many as you like. */
import { expect, test } from 'vitest';
import { commandFor, runSeed } from './run-seed.ts';
import { servers } from './stage/ground.ts';

const seeds = [2, 3, 6, 7, 8];

test.concurrent.each(seeds)('seed %i: whatever dies when, nobody is lost and nothing happens twice', {
  timeout: 900_000,
}, async (seed) => {
  await using ground = servers();

  const { scenario, combination, findings, logs, faults } = await runSeed(seed, ground);

  const place = `seed ${seed} (${scenario} on ${combination}). Logs: ${logs}. Again: ${commandFor(seed)}`;
  expect(findings, place).toEqual([]);
  expect(faults.size, place).toBeGreaterThan(0);
});
