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

/** No limit: for a single command by hand, and for tests. */
export const unpaced: Pace = { take: async (signal) => signal?.throwIfAborted() };
