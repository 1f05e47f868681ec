/** How long Graph asks to wait: seconds or a date (RFC 9110, 10.2.3), or milliseconds in a header of its own. */

/** In milliseconds; undefined where there is no such header, or none that can be read. A past date is no wait. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const own = headers.get('x-ms-retry-after-ms')?.trim() ?? '';
  if (/^\d+$/.test(own)) return Number(own);
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000);
  // Date.parse takes "-5" and much else; a date of HTTP has a month in letters.
  const until = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) return undefined;
  // The server's own clock counts, so that a wrong one here does no harm.
  const serverNow = Date.parse(headers.get('date') ?? '');
  return Math.max(0, until - (Number.isNaN(serverNow) ? now : serverNow));
}
