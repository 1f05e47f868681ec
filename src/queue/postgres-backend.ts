/** BullMQ's PostgreSQL backend, with two faults of it mended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgresBackend, type IQueueBackend } from 'bullmq';

/** Before somebody may look again whether the database is there. */
const pauseMs = 200;
/** Before a worker may ask again for a job that the database could not give. */
const refusedMs = 1_000;

type Waiting = { waitUntilReady(): Promise<unknown> };

const isWaiting = (value: unknown): value is Waiting =>
  typeof value === 'object' &&
  value !== null &&
  'waitUntilReady' in value &&
  typeof value.waitUntilReady === 'function';

/**
 * As `createPostgresBackend`, but it gets over a database that was away at its first look. BullMQ 6.7 remembers that
 * failure for ever: a worker that was started just as PostgreSQL went down asked its memory again and again, which left
 * its process no time for anything else, SIGTERM included.
 *
 * A database that answers and refuses (its disk is full, it is read-only) is asked once a second. BullMQ would ask at once
 * and for ever: within half a minute that was 35,000 errors, 57 MB of log.
 */
export function patientPostgresBackend(
  ...given: Parameters<typeof createPostgresBackend>
): ReturnType<typeof createPostgresBackend> {
  const backend = createPostgresBackend(...given);
  forgetFailures(backend);
  const take = backend.moveToActive.bind(backend);
  backend.moveToActive = async (...asked) => {
    try {
      return await take(...asked);
    } catch (error) {
      await sleep(refusedMs, undefined, { ref: false });
      throw error;
    }
  };
  return backend;
}

function forgetFailures(backend: IQueueBackend): void {
  const connection: unknown = Reflect.get(backend, 'connection');
  for (const one of [backend, connection]) {
    if (!isWaiting(one)) throw new TypeError('BullMQ has changed: its backend can no longer be waited for.');
    const look = one.waitUntilReady.bind(one);
    one.waitUntilReady = async () => {
      try {
        return await look();
      } catch (error) {
        await sleep(pauseMs, undefined, { ref: false });
        Reflect.set(one, 'readyPromise', undefined);
        throw error;
      }
    };
  }
}
