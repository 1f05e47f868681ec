import { afterAll, beforeAll, expect, test } from 'vitest';
import { newStore, type TestStore } from '../stores.ts';

let embedded: TestStore;

beforeAll(async () => {
  embedded = await newStore('embedded');
});
afterAll(() => embedded.end());

test('while the store is at a long query, everything else in the process goes on', async () => {
  let [longestMs, lastAt] = [0, performance.now()];
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - lastAt);
    lastAt = performance.now();
  }, 5);
  const beganAt = performance.now();

  await embedded.store.pool.query('SELECT count(*) FROM generate_series(1, 10000000)');

  const queryMs = performance.now() - beganAt;
  clearInterval(timer);
  // In one thread it would be as long as the query.
  expect(longestMs).toBeLessThan(queryMs / 2);
});
