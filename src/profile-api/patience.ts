/** Tries reads again. Writes are never repeated here: whether that is safe, only the worker can say. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProfileApiAnswer, ProfileApiError } from './answer.ts';
import type { Transport } from './transport.ts';

/** How often a read is tried, and how long is waited. Times are in milliseconds. */
export interface Patience {
  /** Further tries of a read after the first. */
  readonly tries: number;
  /** Before the first further try; doubled each time, with jitter. */
  readonly waitMs: number;
}

/** A run that has read 500 pages must not fail because the 501st met a hiccup. */
export function patient(transport: Transport, { tries, waitMs }: Patience): Transport {
  return {
    ...transport,
    async send(call) {
      for (let failed = 0; ; failed += 1) {
        try {
          return await transport.send(call);
        } catch (error) {
          if (call.effect !== 'read' || failed >= tries || !(error instanceof ProfileApiError)) throw error;
          const retryAfterMs = waitBeforeAnother(error.answer);
          if (retryAfterMs === undefined) throw error;
          const backoffMs = waitMs * 2 ** failed * (0.5 + Math.random() / 2);
          await sleep(
            Math.max(backoffMs, retryAfterMs),
            undefined,
            call.signal === undefined ? {} : { signal: call.signal },
          );
        }
      }
    },
  };
}

/** How long the server asks to wait; undefined where another try would meet the same answer. */
function waitBeforeAnother(answer: ProfileApiAnswer): number | undefined {
  if (answer.kind !== 'retry-later' || answer.reason === 'unreachable' || answer.reason === 'certificate')
    return undefined;
  return answer.retryAfterMs ?? 0;
}
