/** One rate limit over all workers and processes that share a queue backend. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace } from '../profile-api/pace.ts';
import type { SlotBook, SlotLimit } from './slot-book.ts';

/** Timers take no more: 2^31 - 1 ms, 24.8 days. */
const longestSleepMs = 2_147_483_647;

async function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // A timer may fire up to a millisecond early.
  const wholeMs = Math.min(Math.ceil(ms) + 1, longestSleepMs);
  try {
    await sleep(wholeMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * A pace that lets at most `limit.max` requests out in any `limit.perMs`, first come, first served, over everybody who uses the same
 * book and name. After `slowDown` nobody sends until the time has passed, those included who were told a time already. A slot
 * whose taker gives up is lost. `onError` is told when a block could not be written down: then it holds in this process alone.
 */
export function sharedPace(
  slots: SlotBook,
  name: string,
  limit: SlotLimit,
  onError: (error: Error) => void,
): Pace & { slowDown(retryAfterMs: number): void } {
  let blocking: Promise<void> = Promise.resolve();
  let blockedHereUntil = 0;

  const blockedFor = async (): Promise<number> => {
    await blocking;
    return Math.max(blockedHereUntil - performance.now(), await slots.blockedFor(name));
  };

  return {
    take: async (signal) => {
      signal?.throwIfAborted();
      for (;;) {
        await blocking;
        const here = blockedHereUntil - performance.now();
        if (here > 0) await sleepFor(here, signal);
        const wait = await slots.reserve(name, limit);
        signal?.throwIfAborted();
        if (wait === 0) return;
        await sleepFor(wait, signal);
        if ((await blockedFor()) <= 0) return;
      }
    },
    slowDown: (retryAfterMs) => {
      if (!(retryAfterMs > 0)) return;
      blockedHereUntil = Math.max(blockedHereUntil, performance.now() + retryAfterMs);
      blocking = Promise.all([blocking, slots.block(name, retryAfterMs)]).then(
        () => {},
        (error: unknown) => onError(error instanceof Error ? error : new Error(String(error))),
      );
    },
  };
}
