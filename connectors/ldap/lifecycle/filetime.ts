/** FILETIME: hundreds of nanoseconds since 1601-01-01 UTC, as a decimal number ([MS-DTYP] 2.3.3). */

const epochOffsetMs = 11_644_473_600_000n;
const ticksPerMs = 10_000n;
const largest = 0x7fff_ffff_ffff_ffffn;

/** `accountExpires` has two ways to say never: 0 and the largest number ([MS-ADA1] 2.2). */
export type FileTime =
  | { readonly kind: 'at'; readonly at: Date }
  | { readonly kind: 'never' }
  | { readonly kind: 'unreadable' };

/** The millisecond that the time falls into. Read without going through a double, which can't hold its 18 digits. */
export function parseFileTime(text: string): FileTime {
  if (!/^\d{1,19}$/.test(text)) return { kind: 'unreadable' };
  const ticks = BigInt(text);
  if (ticks === 0n || ticks === largest) return { kind: 'never' };
  if (ticks > largest) return { kind: 'unreadable' };
  return { kind: 'at', at: new Date(Number(ticks / ticksPerMs - epochOffsetMs)) };
}
