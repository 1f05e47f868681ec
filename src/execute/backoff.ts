import type { FailureLimits } from './failing-run.ts';

export interface RetryPolicy {
  /** Tries before an operation is put on the failed list. */
  readonly attempts: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** How many operations of a run may fail before the rest of it waits for a person. */
  readonly limits?: FailureLimits;
}

/**
 * How long to wait after the given number of tries: doubled each time, at most the maximum, and somewhere in its upper
 * half at random, so that many that failed together don't come back together.
 */
export function backoffMs(attempts: number, policy: RetryPolicy, random: () => number = Math.random): number {
  const whole = Math.min(
    policy.maxBackoffMs,
    policy.backoffMs * 2 ** Math.min(Math.max(attempts - 1, 0), 30),
  );
  return Math.round(whole / 2 + (random() * whole) / 2);
}
