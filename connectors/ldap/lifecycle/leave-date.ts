/** Leave dates in attributes of one's own, in the forms in which personnel systems write them. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import { endOfDay, parseDateTime } from '../../../src/identity/calendar.ts';
import { parseFileTime } from './filetime.ts';
import { parseGeneralizedTime } from './generalized-time.ts';

export type LeaveDateRule = LdapSourceConfig['leavers']['dates'][number];

export type LeaveDate =
  | { readonly kind: 'at'; readonly at: Date }
  /** The value says that they stay. */
  | { readonly kind: 'never' }
  | { readonly kind: 'unreadable'; readonly expected: string };

const dayMs = 86_400_000;
const lastDay = 100_000_000;

/** When somebody leaves, by the text of one value. Whoever leaves on a day without a time is there until it ends. */
export function readLeaveDate(text: string, { format, timezone }: LeaveDateRule): LeaveDate {
  switch (format) {
    case 'date':
      return at(endOfDay(text, timezone), 'a date such as 2026-03-31');
    case 'date-time':
      return at(
        parseDateTime(text, timezone),
        'a date and time such as 2026-03-31T18:00:00+02:00 (ISO 8601)',
      );
    case 'generalized-time':
      return at(
        parseGeneralizedTime(text),
        'a generalized time with its zone, such as 20260331160000Z (RFC 4517)',
      );
    case 'filetime': {
      const read = parseFileTime(text);
      return read.kind === 'unreadable'
        ? { ...read, expected: 'a FILETIME, such as 134194464000000000' }
        : read;
    }
    case 'days':
      return readDays(text);
    default:
      return format satisfies never;
  }
}

/**
 * Days since 1970-01-01, as `shadowExpire` has them (shadow(5)): they leave when that day begins, in UTC. -1 is never;
 * 0 is never to some systems and 1970 to others, so it is neither here.
 */
export function readDays(text: string): LeaveDate {
  const days = /^-?\d{1,9}$/.test(text) ? Number(text) : 0;
  if (days === -1) return { kind: 'never' };
  return at(
    days > 0 && days <= lastDay ? new Date(days * dayMs) : undefined,
    'a number of days since 1970-01-01, or -1 for never (0 is never to some systems and 1970 to others)',
  );
}

const at = (date: Date | undefined, expected: string): LeaveDate =>
  date === undefined ? { kind: 'unreadable', expected } : { kind: 'at', at: date };
