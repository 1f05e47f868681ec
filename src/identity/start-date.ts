/** Somebody's first day, by what the source has of it. */
import { parseDateTime, startOfDay } from './calendar.ts';

/** Somebody's first day. `from` is the attribute that tells it, `expected` what it should be where it can't be read. */
export type StartDate =
  | { readonly kind: 'at'; readonly at: Date; readonly from: string }
  | { readonly kind: 'unreadable'; readonly from: string; readonly expected: string };

/** What a text says: a time, that there is none, or nothing that can be read. */
export type StartDateText =
  | { readonly kind: 'at'; readonly at: Date }
  | { readonly kind: 'never' }
  | { readonly kind: 'unreadable'; readonly expected: string };

/** Of an attribute's values; undefined for whoever has none. */
export function startDateOf(
  values: readonly string[],
  from: string,
  read: (text: string) => StartDateText,
): StartDate | undefined {
  const [text, ...others] = new Set(values.map((value) => value.trim()).filter((value) => value !== ''));
  if (text === undefined) return undefined;
  if (others.length > 0)
    return { kind: 'unreadable', from, expected: `one value (it has ${others.length + 1})` };
  const told = read(text);
  return told.kind === 'never' ? undefined : { ...told, from };
}

/** Whoever begins on a day without a time begins with that day. */
export function readStartDay(
  text: string,
  { format, timezone }: { readonly format: 'date' | 'date-time'; readonly timezone: string },
): StartDateText {
  const at = format === 'date' ? startOfDay(text, timezone) : parseDateTime(text, timezone);
  if (at !== undefined) return { kind: 'at', at };
  const expected =
    format === 'date'
      ? 'a date such as 2026-03-31'
      : 'a date and time such as 2026-03-31T08:00:00+02:00 (ISO 8601)';
  return { kind: 'unreadable', expected };
}
