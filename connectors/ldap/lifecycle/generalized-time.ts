/** GeneralizedTime, the form in which LDAP writes points in time (RFC 4517 section 3.3.13). */
import { dayStart } from '../../../src/identity/calendar.ts';

const form =
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?<hour>\d{2})(?:(?<minute>\d{2})(?<second>\d{2})?)?(?:[.,](?<fraction>\d+))?(?<zone>Z|[+-]\d{2}(?:\d{2})?)$/;

/**
 * The point in time, to the millisecond that it falls into; undefined where the text is none. Minutes and seconds may be
 * missing, and a fraction is one of the smallest unit that is there. A time without zone is not allowed and not read.
 */
export function parseGeneralizedTime(text: string): Date | undefined {
  const parts = form.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const number = (name: string): number => Number(parts[name] ?? 0);
  const [month, day, hour, minute] = [number('month'), number('day'), number('hour'), number('minute')];
  // The 60th second is a leap second: the first one of the next minute, for all that follows from it.
  if (hour > 23 || minute > 59 || number('second') > 60) return undefined;
  const date = dayStart(number('year'), month, day);
  const offsetMinutes = offsetOf(parts.zone ?? 'Z');
  if (date === undefined || offsetMinutes === undefined) return undefined;

  const unitMs = parts.minute === undefined ? 3_600_000 : parts.second === undefined ? 60_000 : 1_000;
  const seconds = (hour * 60 + minute - offsetMinutes) * 60 + number('second');
  return new Date(date.getTime() + seconds * 1_000 + fractionMs(parts.fraction ?? '', unitMs));
}

/** Whole milliseconds in a decimal fraction of a unit. In whole numbers: .7 s is 700 ms and not 699. */
function fractionMs(digits: string, unitMs: number): number {
  if (digits === '') return 0;
  return Number((BigInt(digits) * BigInt(unitMs)) / 10n ** BigInt(digits.length));
}

function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3) || 0)];
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
