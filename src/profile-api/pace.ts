import { setTimeout as sleep } from 'node:timers/promises';

/** The one rate limit that every request of every worker waits for. */
export interface Pace {
  /**
   * Resolves when one request may go out.
   * @throws the signal's reason, when it is aborted while waiting
   */
  take(signal?: AbortSignal): Promise<void>;
  /** The server asked for a pause: nobody should send anything for this long. */
  slowDown?(retryAfterMs: number): void;
  /**
   * The server counts too many requests (429): the rate is too high for it. Told before `slowDown`.
   * @param retryAfterMs - the pause that it asked for, if it did
   */
  tooMany?(retryAfterMs: number | undefined): void;
}

/** No limit, but the pauses that the server asks for: each process keeps those that it was asked for itself. */
export function pausingPace(): Pace {
  let pausedUntil = 0;
  return {
    async take(signal) {
      signal?.throwIfAborted();
      for (;;) {
        const leftMs = pausedUntil - performance.now();
        if (leftMs <= 0) return;
        await sleepFor(leftMs, signal);
      }
    },
    slowDown(retryAfterMs) {
      pausedUntil = Math.max(pausedUntil, performance.now() + retryAfterMs);
    },
  };
}

/** Timers take no more: 2^31 - 1 ms, 24.8 days. */
const longestSleepMs = 2_147_483_647;

/** At least so long: a timer may fire up to a millisecond early. */
export async function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  await sleep(Math.min(Math.ceil(ms) + 1, longestSleepMs), undefined, options);
}

/** No limit: for a single command by hand, and for tests. */
export const unpaced: Pace = { take: async (signal) => signal?.throwIfAborted() };
