const dayMs = 86_400_000;

/**
 * How long a `Retry-After` header asks to wait, in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3).
 * A date counts from the server's own clock where it told it (`Date`), so that a wrong clock here does no harm.
 * At most a day; `undefined` where there is no header or it says nothing that can be read.
 */
export function readRetryAfter(header: string | undefined, date: string | undefined, now: number) {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.round(Number(text) * 1_000), dayMs);
  // Date.parse takes a lot more than dates of HTTP, "-5" among them; those all carry a month in letters.
  const until = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) return undefined;
  const serverNow = date === undefined ? Number.NaN : Date.parse(date);
  return Math.min(Math.max(until - (Number.isNaN(serverNow) ? now : serverNow), 0), dayMs);
}
