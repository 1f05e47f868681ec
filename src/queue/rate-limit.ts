/** One rate limit over all workers and processes that share a queue backend. */
import { type Pace, sleepFor } from '../profile-api/pace.ts';
import type { SlotBook, SlotLimit } from './slot-book.ts';
import { waitingLine } from './waiting-line.ts';

/** Slots that this process asks for at once, for all who wait in it: few, so that the line of all processes stays short. */
const slotsAtOnce = 4;
/** A server that counts too many requests within so many windows after a pause that it asked for itself is asked too fast. */
const windowsOfProbation = 10;

export interface SharedPace extends Pace {
  slowDown(retryAfterMs: number): void;
  tooMany(retryAfterMs: number | undefined): void;
  /** The same pace, for those who take this process's next slot before all others that wait. */
  readonly urgent: Pace;
}

/** Who is told of what befalls the rate. */
export interface PaceListeners {
  /** A block or a lower rate could not be written down: then it holds in this process alone, or not at all. */
  onError(error: Error): void;
  /** The server found the rate too high; from now on there are so many slots a window, for all processes. */
  onLowered?(max: number): void;
}

/**
 * A pace that lets at most `limit.max` requests out in any `limit.perMs`, over everybody who uses the same book and name: processes take
 * turns, and within one the urgent go first, then first come, first served. After `slowDown` nobody sends until the time has
 * passed, those included who were told a time already. After `tooMany` the rate is lower for a while.
 */
export function sharedPace(
  slots: SlotBook,
  name: string,
  limit: SlotLimit,
  { onError, onLowered = () => undefined }: PaceListeners,
): SharedPace {
  let blocking: Promise<void> = Promise.resolve();
  let blockedHereUntil = 0;
  const complain = (error: unknown): void =>
    onError(error instanceof Error ? error : new Error(String(error)));

  const blockedFor = async (): Promise<number> => {
    await blocking;
    return Math.max(blockedHereUntil - performance.now(), await slots.blockedFor(name));
  };

  const nextSlot = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      await blocking;
      const here = blockedHereUntil - performance.now();
      if (here > 0) await sleepFor(here, signal);
      const wait = await slots.reserve(name, limit);
      if (wait === 0) return;
      await sleepFor(wait, signal);
      if ((await blockedFor()) <= 0) return;
    }
  };

  const line = waitingLine(nextSlot, slotsAtOnce);
  const slowDown = (retryAfterMs: number): void => {
    if (!(retryAfterMs > 0)) return;
    blockedHereUntil = Math.max(blockedHereUntil, performance.now() + retryAfterMs);
    blocking = Promise.all([blocking, slots.block(name, retryAfterMs)]).then(() => {}, complain);
  };
  const tooMany = (retryAfterMs: number | undefined): void => {
    const sincePauseMs = performance.now() - blockedHereUntil;
    const isAgain =
      blockedHereUntil > 0 && sincePauseMs >= 0 && sincePauseMs < windowsOfProbation * limit.perMs;
    // Once, with a time to wait, is no more than a pause.
    if (retryAfterMs !== undefined && !isAgain) return;
    slots.lower(name, limit).then((max) => {
      if (max !== undefined) onLowered(max);
    }, complain);
  };

  const take = (lane: 'urgent' | 'normal') => (signal?: AbortSignal) => line.wait(lane, signal);
  return { take: take('normal'), slowDown, tooMany, urgent: { take: take('urgent'), slowDown, tooMany } };
}
