const firstMs = 5_000;
const longestMs = 15 * 60_000;
/** Whatever a receiver asks for: people should hear of what is wrong. */
const askedAtMostMs = 60 * 60_000;

/**
 * How long to wait after so many tries: doubled each time, in its upper half at random, and at least what the receiver
 * asked for.
 */
export function waitMs(attempts: number, askedMs: number | undefined, random = Math.random): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(attempts - 1, 0), 30));
  return Math.round(Math.max(whole / 2 + (random() * whole) / 2, Math.min(askedMs ?? 0, askedAtMostMs)));
}
