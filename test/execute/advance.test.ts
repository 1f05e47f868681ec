/** What is taken in advance of its request is as much as the API answers in a moment: a pause soon has its effect. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openAdvance } from '../../src/execute/advance.ts';
import { pauseExecution } from '../../src/store/service/pauses.ts';
import { until } from '../e2e/stage.ts';
import { install } from '../engine/installation.ts';

/** Answers that come so far apart, in milliseconds, one after the other. */
function after(gaps: readonly number[], least: number, most: number): readonly number[] {
  let time = 0;
  const told: number[] = [];
  const advance = openAdvance(
    least,
    most,
    (places) => told.push(places),
    () => time,
  );
  for (const gap of gaps) {
    time += gap;
    advance.answered();
  }
  expect(told.at(-1) ?? least).toBe(advance.places);
  return told;
}

const every = (gap: number, times: number) => Array.from({ length: times }, () => gap);

test.each([
  { what: 'two a second', gaps: every(500, 10), places: 8 },
  { what: '20 a second', gaps: every(50, 40), places: 8 },
  { what: '100 a second', gaps: every(10, 200), places: 25 },
  { what: '1,000 a second', gaps: every(1, 2_000), places: 64 },
  { what: '1,000 a second, and then nothing for a minute', gaps: [...every(1, 2_000), 60_000], places: 8 },
  { what: '1,000 a second, and then 100', gaps: [...every(1, 2_000), ...every(10, 200)], places: 25 },
])('$what: $places', ({ gaps, places }) => {
  expect(after(gaps, 8, 64).at(-1)).toBe(places);
});

test('never fewer than there may be requests, never more than is wanted at most', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat(5), fc.nat(2_000)), { maxLength: 200 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 8 }),
      (gaps, least, times) => {
        for (const places of after(gaps, least, least * times)) {
          expect(places).toBeGreaterThanOrEqual(least);
          expect(places).toBeLessThanOrEqual(least * times);
        }
      },
    ),
  );
});

test('under a rate limit a pause lets hardly more go on than there may be requests', async () => {
  const api = { concurrency: '8', rateLimit: '{ max: 16, per: 1s }' };
  await using here = await install({ people: 300, api });
  const { engine, sandbox } = here;
  const { db } = engine.store;
  const run = await here.release();
  await engine.dispatcher.dispatchDue();
  const worker = engine.startWorker();
  try {
    await until(
      () => sandbox.requests.create,
      (creations) => creations >= 20,
    );
    await pauseExecution(db, 'The import is wrong.');
    const before = sandbox.requests.create;
    await until(
      () => here.operations(run),
      (operations) => operations.every(({ state }) => state !== 'running'),
    );

    expect(sandbox.requests.create - before).toBeLessThanOrEqual(16);
  } finally {
    await worker.close(0);
  }
});
