/** Access tokens: kept, renewed in good time, asked for once however many wait, and never waited for without end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntraSourceConfig } from '../../../config/schema.ts';
import { EntraError } from '../entra-error.ts';
import type { Cloud } from './clouds.ts';
import { createCredential } from './credential.ts';
import { discoveryFailure, isDiscoveryFailure } from './discovery.ts';
import { isPassing, signInError, unreachable } from './failures.ts';

export interface Tokens {
  /**
   * @throws {EntraError} when nobody could sign in
   * @throws the signal's reason, when aborted
   */
  get(signal: AbortSignal): Promise<string>;
  /** Graph refuses the token: the next one is a new one, whatever its time. */
  forget(): void;
}

export interface SignInPatience {
  readonly tries: number;
  readonly waitMs: number;
}

interface Kept {
  readonly token: string;
  readonly renewAt: number;
}

/** Renewed this long before its end, or after four fifths of a shorter life. */
const marginMs = 300_000;

export function createTokens(config: EntraSourceConfig, cloud: Cloud, patience: SignInPatience): Tokens {
  let kept: Kept | undefined;
  let asking: Promise<Kept> | undefined;
  let credential: ReturnType<typeof createCredential> | undefined;

  const ask = async (): Promise<Kept> => {
    // One that failed (a file that was missing) is not kept.
    credential ??= createCredential(config, cloud).catch((error: unknown) => {
      credential = undefined;
      throw error;
    });
    const able = await credential;
    const asked = Date.now();
    const timeout = AbortSignal.timeout(config.timeout);
    const given = await orTimeout(
      able.getToken(`${cloud.graph}/.default`, { abortSignal: timeout }),
      config.timeout,
      cloud,
    );
    if (given === null) throw new Error('The credential gave no token.');
    const lifeMs = given.expiresOnTimestamp - asked;
    return { token: given.token, renewAt: asked + Math.max(lifeMs - marginMs, lifeMs * 0.8) };
  };

  const askPatiently = async (): Promise<Kept> => {
    for (let failed = 1; ; failed += 1) {
      try {
        return await ask();
      } catch (thrown) {
        const error = isDiscoveryFailure(thrown)
          ? await discoveryFailure(thrown, config.tenantId, cloud, config.timeout)
          : thrown;
        if (!isPassing(error)) throw signInError(error, config, cloud);
        if (failed >= patience.tries) throw unreachable(error, cloud);
        // The library answers for a minute from its memory of a failure; only a new credential asks again.
        credential = undefined;
        await sleep(patience.waitMs * 2 ** failed * (0.5 + Math.random() / 2));
      }
    }
  };

  return {
    async get(signal) {
      signal.throwIfAborted();
      if (kept !== undefined && Date.now() < kept.renewAt) return kept.token;
      asking ??= askPatiently().finally(() => {
        asking = undefined;
      });
      kept = await orAbort(asking, signal);
      return kept.token;
    },
    forget() {
      kept = undefined;
      // The library keeps its tokens too; only a new credential asks anew.
      credential = undefined;
    },
  };
}

/** The library's own abort does not end a request that hangs. */
async function orTimeout<Value>(work: Promise<Value>, timeoutMs: number, cloud: Cloud): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(
      () =>
        fail(
          new EntraError(
            'unreachable',
            `${cloud.login} gave no token within ${timeoutMs / 1_000} s`,
            'Check the network and the proxy; the time is the timeout of the source.',
          ),
        ),
      timeoutMs,
    );
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function orAbort<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
