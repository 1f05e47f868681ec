/** The time at which somebody leaves, as people write it. Pure. */
import { endOfDay, parseDateTime } from '../identity/calendar.ts';
import type { When } from './word.ts';

export const expectedTimes =
  'Write a day such as 2026-03-31 (they leave when it ends), a time of the place such as 2026-03-31T17:00, or one with its zone such as 2026-03-31T17:00+02:00.';

/** @returns undefined where it is no time */
export function timeOf(when: When, timeZone: string, now: Date): Date | undefined {
  if (when.kind === 'now') return now;
  const text = when.text.trim();
  const zone = when.timezone ?? timeZone;
  return endOfDay(text, zone) ?? parseDateTime(text, zone);
}
