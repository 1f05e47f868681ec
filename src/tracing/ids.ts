/** The ids of the next trace, where somebody has chosen them. */
import { randomBytes } from 'node:crypto';

interface Ids {
  traceId: string | undefined;
  spanId: string | undefined;
}

let chosen: Ids = { traceId: undefined, spanId: undefined };

/** The span without a parent that `start` begins at once has these ids; those within it have their own. */
export function withIds<Result>(
  ids: { readonly traceId: string; readonly spanId: string },
  start: () => Result,
): Result {
  chosen = { ...ids };
  try {
    return start();
  } finally {
    chosen = { traceId: undefined, spanId: undefined };
  }
}

/** Each is given once, in whichever order they are asked for. */
function take(which: keyof Ids, bytes: number): string {
  const id = chosen[which] ?? randomBytes(bytes).toString('hex');
  chosen[which] = undefined;
  return id;
}

export const ids = {
  generateTraceId: () => take('traceId', 16),
  generateSpanId: () => take('spanId', 8),
};
