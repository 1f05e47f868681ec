import { expect, test } from 'vitest';
import { together } from '../../src/plan/whole/together.ts';

/** Ends only when it is told to stop. */
const untilStopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

test('what ends well gives all results', async () => {
  const { signal } = new AbortController();

  expect(await together(signal, () => [Promise.resolve(1), Promise.resolve('two')] as const)).toEqual([
    1,
    'two',
  ]);
});

test('where one fails, the others are stopped and waited for, and its error is thrown', async () => {
  const { signal } = new AbortController();
  let hasStopped = false;
  const failure = new Error('The directory is down.');

  const all = together(signal, (stop) => [
    Promise.reject(failure),
    untilStopped(stop).catch(async (reason: unknown) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      hasStopped = true;
      throw reason;
    }),
  ]);

  await expect(all).rejects.toBe(failure);
  expect(hasStopped).toBe(true);
});

test('whoever stops the whole stops each', async () => {
  const stop = new AbortController();
  const all = together(stop.signal, (signal) => [untilStopped(signal), untilStopped(signal)]);

  stop.abort(new Error('Stopped by hand.'));

  await expect(all).rejects.toThrow('Stopped by hand.');
});
