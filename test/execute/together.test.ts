import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { together } from '../../src/execute/together.ts';

test('each gets its own answer, whenever it asks, and no step does more than it may', async () => {
  const asking = fc.array(fc.nat(3), { maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(asking, fc.integer({ min: 1, max: 9 }), async (delays, most) => {
      const steps: number[] = [];
      const double = together(async (items: readonly number[]) => {
        steps.push(items.length);
        await sleep(1);
        return items.map((item) => item * 2);
      }, most);

      const answers = await Promise.all(
        delays.map(async (ms, index) => {
          if (ms > 0) await sleep(ms);
          return await double(index);
        }),
      );

      expect(answers).toEqual(delays.map((_, index) => index * 2));
      expect(Math.max(0, ...steps)).toBeLessThanOrEqual(most);
      expect(steps.reduce((sum, step) => sum + step, 0)).toBe(delays.length);
    }),
    { numRuns: 30 },
  );
});

test('who asks while a step is under way is done with all others in the next', async () => {
  const steps: (readonly string[])[] = [];
  const ask = together(async (items: readonly string[]) => {
    steps.push(items);
    await sleep(20);
    return items;
  }, 100);

  const first = ask('a');
  await sleep(5);
  await Promise.all([first, ask('b'), ask('c'), ask('d')]);

  expect(steps).toEqual([['a'], ['b', 'c', 'd']]);
});

test('steps are so far apart that several come together', async () => {
  const steps: (readonly string[])[] = [];
  const ask = together(
    async (items: readonly string[]) => {
      steps.push(items);
      return items;
    },
    3,
    1_000,
  );

  const began = performance.now();
  await ask('a');
  const b = ask('b');
  await sleep(0);
  await Promise.all([b, ask('c')]);

  expect(steps).toEqual([['a'], ['b', 'c']]);
  expect(performance.now() - began).toBeGreaterThanOrEqual(999);
});

test('the first step does not wait, nor does one for as many as there may be', async () => {
  const anHour = 3_600_000;
  const ask = together(async (items: readonly string[]) => items, 3, anHour);

  expect(await ask('a')).toBe('a');
  expect(await Promise.all(['b', 'c', 'd'].map(ask))).toEqual(['b', 'c', 'd']);
});

test('one may fail alone; a step that fails is everybody’s in it, and the next goes on', async () => {
  let isBroken = false;
  const ask = together<number, number>(async (items) => {
    if (isBroken) throw new Error('The store is away.');
    return items.map((item) => (item === 2 ? Promise.reject(new Error('Two is bad.')) : item));
  }, 10);

  expect(await Promise.allSettled([ask(1), ask(2), ask(3)])).toMatchObject([
    { value: 1 },
    { reason: { message: 'Two is bad.' } },
    { value: 3 },
  ]);
  isBroken = true;
  await expect(ask(4)).rejects.toThrow('The store is away.');
  isBroken = false;
  expect(await ask(5)).toBe(5);
});
