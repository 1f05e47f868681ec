/** One pace for a tenant, whichever sources and requests of this process are after it: Graph counts by tenant. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  /**
   * Resolves when one request may go out; the caller says when its answer is there.
   *
   * @throws the signal's reason, when aborted while waiting
   */
  take(signal: AbortSignal): Promise<() => void>;
  /** Graph asked for a pause: nothing goes out for this long. */
  pause(ms: number): void;
  /** How much of the limit is used up, as the header says from four fifths on: 1 is all of it. */
  heed(usedShare: number): void;
}

const atMostAtOnce = 8;
/** Graph counts in windows of ten seconds. At the limit, requests are spread over this long. */
const widestGapMs = 2_000;

const paces = new Map<string, Pace>();

/** The pace of a tenant in a cloud: the same for everybody who asks. */
export function paceOf(graph: string, tenantId: string): Pace {
  const key = `${graph} ${tenantId.toLowerCase()}`;
  const known = paces.get(key) ?? createPace();
  paces.set(key, known);
  return known;
}

export function createPace(): Pace {
  let atWork = 0;
  let notBefore = 0;
  const waiting: (() => void)[] = [];

  const place = async (signal: AbortSignal): Promise<void> => {
    while (atWork >= atMostAtOnce) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      signal.throwIfAborted();
    }
    atWork += 1;
  };

  return {
    async take(signal) {
      signal.throwIfAborted();
      await place(signal);
      let isHeld = true;
      const release = (): void => {
        if (!isHeld) return;
        isHeld = false;
        atWork -= 1;
        waiting.shift()?.();
      };
      try {
        for (let wait = notBefore - Date.now(); wait > 0; wait = notBefore - Date.now())
          await sleep(wait, undefined, { signal });
      } catch (error) {
        release();
        throw signal.aborted ? signal.reason : error;
      }
      return release;
    },
    pause(ms) {
      notBefore = Math.max(notBefore, Date.now() + ms);
    },
    heed(usedShare) {
      if (usedShare < 0.8) return;
      this.pause(Math.min(widestGapMs, (usedShare - 0.8) * 5 * widestGapMs));
    },
  };
}
