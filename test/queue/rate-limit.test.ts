import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type QueueBackend, sharedPace } from '../../src/queue/index.ts';
import { failOnError } from '../store/stores.ts';
import { combinations, newBackend, type TestBackend } from './backends.ts';

const program = fileURLToPath(new URL('pace-process.ts', import.meta.url));

/** The most requests that lie within less than `perMs` of each other, wherever one begins to count. */
function mostWithin(times: readonly number[], perMs: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return Math.max(...sorted.map((start) => sorted.filter((at) => at >= start && at < start + perMs).length));
}

describe.each(combinations)('the rate limit on %s', (combination) => {
  let opened: TestBackend;
  let another: QueueBackend;
  let names = 0;
  beforeAll(async () => {
    opened = await newBackend(combination);
    another = await opened.another();
  });
  afterAll(() => opened.end());

  const newName = (): string => {
    names += 1;
    return `api-${names}`;
  };

  test('the first requests go out at once, and the next ones a window later', async () => {
    const pace = sharedPace(
      opened.backend.slots,
      newName(),
      { max: 5, perMs: 1_000 },
      { onError: failOnError },
    );
    await pace.take();
    const times: number[] = [];
    const start = performance.now();

    await Promise.all(
      Array.from({ length: 9 }, async () => {
        await pace.take();
        times.push(performance.now() - start);
      }),
    );

    expect(times.filter((at) => at > 700)).toHaveLength(5);
    expect(Math.max(...times)).toBeGreaterThan(900);
  });

  test('whoever asks first goes first, over several backends, and a line is spread over the window', async () => {
    const name = newName();
    const limit = { max: 2, perMs: 60_000 };
    const halfWindows: number[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      const wait = await (turn % 3 === 0 ? opened.backend : another).slots.reserve(name, limit);
      halfWindows.push(Math.round(wait / 30_000));
    }

    expect(halfWindows).toEqual([0, 0, 2, 3, 4, 5, 6, 7]);
  });

  test('two processes together are no faster than the limit', async () => {
    const name = newName();
    const limit = { max: 10, perMs: 250 };
    const run = async (): Promise<number[]> => {
      const child = spawn(
        process.execPath,
        [program, JSON.stringify({ place: opened.place, name, limit, count: 40 })],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const times: number[] = [];
      for await (const line of createInterface({ input: child.stdout })) times.push(Number(line));
      return times;
    };

    const [one = [], other = []] = await Promise.all([run(), run()]);

    expect([one.length, other.length]).toEqual([40, 40]);
    const all = [...one, ...other];
    expect(Math.max(...all) - Math.min(...all)).toBeGreaterThanOrEqual(250 * 6);
  });

  test('the slots that many ask for at once are never more than the limit in any window', async () => {
    const name = newName();
    const limit = { max: 7, perMs: 1_000 };
    const base = performance.now();
    const slots = await Promise.all(
      Array.from({ length: 60 }, async (_, turn) => {
        const wait = await (turn % 2 === 0 ? opened.backend : another).slots.reserve(name, limit);
        return wait <= 0 ? 0 : performance.now() - base + wait;
      }),
    );

    // The answers' way back is within the times, so a window is taken a little shorter.
    const later = slots.filter((slot) => slot > 0);
    expect(slots.length - later.length).toBe(7);
    expect(mostWithin(later, 600)).toBeLessThanOrEqual(7);
  });

  test.each([
    ['in their process', () => opened.backend],
    ['in a process of its own', () => another],
  ])('a listing %s takes turns with workers', async (_, backendOfListing) => {
    const name = newName();
    const limit = { max: 20, perMs: 200 };
    const working = sharedPace(opened.backend.slots, name, limit, { onError: failOnError });
    const listing = sharedPace(backendOfListing().slots, name, limit, { onError: failOnError });
    const turns = { worker: [0, 0, 0, 0], listing: 0 };
    const workers = turns.worker.map(async (_none, worker) => {
      while (turns.listing < 40) {
        await working.take();
        turns.worker[worker] = (turns.worker[worker] ?? 0) + 1;
      }
    });

    for (; turns.listing < 40; turns.listing += 1) await listing.take();
    await Promise.all(workers);

    for (const worked of turns.worker) {
      expect(worked).toBeGreaterThan(10);
      expect(worked).toBeLessThan(70);
    }
  });

  test('after slowDown nobody sends until the time has passed, not even who was told a time already', async () => {
    const name = newName();
    const limit = { max: 1, perMs: 400 };
    const one = sharedPace(opened.backend.slots, name, limit, { onError: failOnError });
    const other = sharedPace(another.slots, name, limit, { onError: failOnError });
    await one.take();
    const start = performance.now();
    const waiting = Promise.all([other.take(), other.take()]);

    one.slowDown(1_200);
    await Promise.all([waiting, one.take()]);

    expect(performance.now() - start).toBeGreaterThanOrEqual(1_190);
    const early = performance.now();
    one.slowDown(300);
    await one.take();
    expect(performance.now() - early).toBeGreaterThanOrEqual(290);
  });

  test('a shorter slowDown does not cut a longer one', async () => {
    const { slots } = opened.backend;
    const name = newName();

    await slots.block(name, 60_000);
    await slots.block(name, 10);

    expect(await slots.blockedFor(name)).toBeGreaterThan(50_000);
    expect(await slots.reserve(name, { max: 5, perMs: 100 })).toBeGreaterThan(50_000);
  });

  test('who gives up waiting is told why', async () => {
    const name = newName();
    const pace = sharedPace(opened.backend.slots, name, { max: 1, perMs: 60_000 }, { onError: failOnError });
    await pace.take();
    const reason = new Error('the worker is closing');
    const abort = new AbortController();

    const waiting = pace.take(abort.signal);
    setTimeout(() => abort.abort(reason), 50);

    await expect(waiting).rejects.toBe(reason);
    await expect(pace.take(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test('a limit that was changed holds from then on', async () => {
    const { slots } = opened.backend;
    const name = newName();
    for (let turn = 0; turn < 5; turn += 1) await slots.reserve(name, { max: 5, perMs: 60_000 });

    expect(await slots.reserve(name, { max: 2, perMs: 60_000 })).toBeGreaterThan(50_000);
    expect(await slots.reserve(name, { max: 100, perMs: 60_000 })).toBeGreaterThan(50_000);
  });
});
