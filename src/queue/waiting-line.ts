/** Those in this process who wait for a slot. Whichever slot comes, the most urgent has it: who waits is not tied to a slot. */

export type Lane = 'urgent' | 'normal';

export interface WaitingLine {
  /**
   * Resolves when a slot has come for the caller.
   *
   * @throws the signal's reason, when it is aborted while waiting; what `nextSlot` throws
   */
  wait(lane: Lane, signal?: AbortSignal): Promise<void>;
}

interface Waiter {
  go(): void;
  fail(error: unknown): void;
}

/**
 * @param nextSlot - gets a slot and resolves when its time has come; aborted when nobody waits any more
 * @param atOnce - most slots that are got at the same time
 */
export function waitingLine(nextSlot: (signal: AbortSignal) => Promise<void>, atOnce: number): WaitingLine {
  const urgent = new Set<Waiter>();
  const normal = new Set<Waiter>();
  let getting = 0;
  let deserted = new AbortController();

  const waiting = (): number => urgent.size + normal.size;
  const leave = (waiter: Waiter): boolean => urgent.delete(waiter) || normal.delete(waiter);
  const callNext = (): Waiter | undefined => {
    const [next] = urgent.size > 0 ? urgent : normal;
    if (next !== undefined) leave(next);
    return next;
  };

  async function getSlots(): Promise<void> {
    const { signal } = deserted;
    getting += 1;
    try {
      // The others who get slots serve one each.
      while (!signal.aborted && waiting() >= getting) {
        try {
          await nextSlot(signal);
          callNext()?.go();
        } catch (error) {
          if (!signal.aborted) callNext()?.fail(error);
        }
      }
    } finally {
      getting -= 1;
      // Somebody may have come while a deserted slot was being given up.
      if (waiting() > getting && getting < atOnce) void getSlots();
    }
  }

  return {
    async wait(lane, signal) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const giveUp = (): void => {
          leave(waiter);
          reject(signal?.reason);
          if (waiting() > 0) return;
          deserted.abort();
          deserted = new AbortController();
        };
        const waiter: Waiter = {
          go: () => {
            signal?.removeEventListener('abort', giveUp);
            resolve();
          },
          fail: (error) => {
            signal?.removeEventListener('abort', giveUp);
            reject(error);
          },
        };
        signal?.addEventListener('abort', giveUp, { once: true });
        (lane === 'urgent' ? urgent : normal).add(waiter);
        if (getting < atOnce && waiting() > getting) void getSlots();
      });
    },
  };
}
