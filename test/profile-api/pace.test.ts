import { expect, test } from 'vitest';
import { pausingPace } from '../../src/profile-api/index.ts';

test('without a rate limit nobody waits, but for the pause that the server asked for', async () => {
  const pace = pausingPace();
  const began = performance.now();
  await Promise.all(Array.from({ length: 1_000 }, () => pace.take()));
  expect(performance.now() - began).toBeLessThan(200);

  pace.slowDown?.(300);
  pace.slowDown?.(10);
  const paused = performance.now();
  await pace.take();

  expect(performance.now() - paused).toBeGreaterThanOrEqual(300);
  pace.slowDown?.(60_000);
  await expect(pace.take(AbortSignal.timeout(20))).rejects.toThrow();
});
