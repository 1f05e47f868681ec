import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { together, type Waiting } from '../../src/execute/together.ts';

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

test('a step that is not worth it yet waits, for no more than there may be', async () => {
  const steps: (readonly string[])[] = [];
  const told: Waiting[] = [];
  const ask = together(
    async (items: readonly string[]) => {
      steps.push(items);
      return items;
    },
    3,
    {
      isEarly: (waiting) => {
        told.push(waiting);
        return waiting.forMs < 30;
      },
    },
  );

  const a = ask('a');
  await sleep(10);
  await Promise.all([a, ask('b')]);
  await Promise.all(['c', 'd', 'e', 'f'].map(ask));

  expect(steps).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']]);
  expect(told.map(({ count }) => count)).toEqual(told.map(({ count }) => Math.min(count, 2)));
  expect(told.at(-1)?.forMs).toBeGreaterThanOrEqual(30);
});

test('a step takes whoever has asked by the time of its turn', async () => {
  const steps: (readonly string[])[] = [];
  const turn = Promise.withResolvers<void>();
  const ask = together(
    async (items: readonly string[]) => {
      steps.push(items);
      return items;
    },
    10,
    { inTurn: (step) => turn.promise.then(step) },
  );

  const a = ask('a');
  await sleep(5);
  const b = ask('b');
  turn.resolve();
  await Promise.all([a, b]);

  expect(steps).toEqual([['a', 'b']]);
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
