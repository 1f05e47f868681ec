/** Starts the thread of the embedded store, and ends it. See docs/adr/0021-the-embedded-store-has-a-thread.md. */
import { getCompileCacheDir } from 'node:module';
import { dirname, extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** The folder of its data, and the path of its socket. */
export type StorePlace = { readonly data: string; readonly socket: string };

export type StoreThread = {
  /** Resolves when the store is closed and the thread has ended. */
  close(): Promise<void>;
};

/** Beside this file, in the form in which this one runs: from source, or built. */
const program = new URL(`store-thread${extname(import.meta.filename)}`, import.meta.url);

/** What Node compiles for the thread is kept where it is for the program, in a folder of Node's version in that which was named. */
function environment(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) };
}

/**
 * Resolves when the store answers at its socket; throws what kept it from opening.
 *
 * @param onDeath - told if the thread ends later without having been told to
 */
export async function startStoreThread(
  place: StorePlace,
  onDeath: (reason: Error) => void,
): Promise<StoreThread> {
  const worker = new Worker(program, { name: 'store', workerData: place, env: environment() });
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const { promise: ended, ...end } = Promise.withResolvers<void>();
  let reason = new Error('its thread has ended');
  let stage: 'opening' | 'open' | 'closing' = 'opening';
  worker.once('message', () => {
    stage = 'open';
    resolve();
  });
  worker.once('error', (error) => {
    reason = error instanceof Error ? error : new Error(String(error));
  });
  worker.once('exit', (code) => {
    if (stage === 'open') onDeath(reason);
    reject(reason);
    if (code === 0) end.resolve();
    else end.reject(reason);
  });
  ended.catch(() => {});
  await ready;
  return {
    close: async () => {
      stage = 'closing';
      worker.postMessage('close');
      await ended;
    },
  };
}
