/** Points in time and durations, in words. Times are told in UTC, as logs and reasons have them. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Such as `2026-03-01 14:05:09Z`. */
export function absoluteTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** Such as `3 minutes ago` or `in 2 days`. */
export function relativeTime(at: Date, now: Date): string {
  const distance = now.getTime() - at.getTime();
  const size = Math.abs(distance);
  if (size < second) return 'just now';
  const text =
    size < minute
      ? inUnits(size, second, 'second')
      : size < hour
        ? inUnits(size, minute, 'minute')
        : size < day
          ? inUnits(size, hour, 'hour')
          : inUnits(size, day, 'day');
  return distance < 0 ? `in ${text}` : `${text} ago`;
}

/** Such as `3 minutes ago (2026-03-01 14:05:09Z)`. */
export function timeInWords(at: Date, now: Date): string {
  return `${relativeTime(at, now)} (${absoluteTime(at)})`;
}

/** Such as `42 s`, `3 min 20 s` or `2 h 5 min`. */
export function durationInWords(ms: number): string {
  const seconds = Math.round(ms / second);
  if (seconds < 1) return '< 1 s';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return twoUnits(seconds, 60, 'min', 1, 's');
  if (seconds < 86_400) return twoUnits(seconds, 3_600, 'h', 60, 'min');
  return twoUnits(seconds, 86_400, 'd', 3_600, 'h');
}

function inUnits(ms: number, unit: number, name: string): string {
  const count = Math.floor(ms / unit);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

function twoUnits(
  seconds: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const rest = Math.floor((seconds % large) / small);
  const whole = `${Math.floor(seconds / large)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}
