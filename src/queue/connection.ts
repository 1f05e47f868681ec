/** BullMQ on what is there: Redis where it is configured, else the store's PostgreSQL. From here on there is no difference. */
import {
  type BackendClasses,
  type BackendFactory,
  createRedisBackend,
  DEFAULT_SCHEMA,
  DelayedError,
  type IQueueBackend,
  isPgPool,
  type Job,
  runMigrations,
  type Telemetry,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import type { Config } from '../../config/schema.ts';
import type { Store } from '../store/index.ts';
import { queueTelemetry } from '../tracing/index.ts';
import { patientPostgresBackend } from './postgres-backend.ts';
import { QueueError } from './queue-error.ts';
import { connectToRedis } from './redis-connection.ts';
import { postgresSlots, redisSlots, type SlotBook } from './slot-book.ts';

/** Every worker and every listener to events keeps one connection; queries share the rest. */
const postgresPoolSize = 20;
const pingTimeoutMs = 5_000;

/** The connection is bound into the backend; BullMQ only wants to see that there is one. */
type Bound = { readonly bound: true };
const bound: Bound = { bound: true };

/** Carries out one job; `token` is for `job.moveToDelayed`, `signal` says that the lock was lost. */
export type JobProcessor<Data> = (job: Job<Data>, token?: string, signal?: AbortSignal) => Promise<unknown>;

/**
 * Gives the job back, for this or another worker, not before that time has passed.
 *
 * @throws {DelayedError} always: so a processor tells BullMQ of it
 */
export async function takeLater<Data>(
  job: Job<Data>,
  token: string | undefined,
  afterMs: number,
): Promise<never> {
  await job.moveToDelayed(Date.now() + afterMs, token);
  throw new DelayedError();
}

export type JobWorkerOptions = Omit<WorkerOptions<Bound>, 'connection' | 'prefix'>;

type Classes = BackendClasses<IQueueBackend, Bound>;
type Place = { readonly connection: Bound; readonly prefix?: string; readonly telemetry?: Telemetry };

const makeQueue = <Data>(classes: Classes, name: string, place: Place) =>
  new classes.Queue<Data, unknown>(name, place);

const makeWorker = <Data>(
  classes: Classes,
  name: string,
  processor: JobProcessor<Data>,
  options: JobWorkerOptions & Place,
) => new classes.Worker<Data, unknown>(name, processor, options);

const makeEvents = (classes: Classes, name: string, place: Place) =>
  new classes.QueueEvents<unknown>(name, place);

export type JobQueue<Data> = ReturnType<typeof makeQueue<Data>>;
export type JobWorker<Data> = ReturnType<typeof makeWorker<Data>>;
export type JobEvents = ReturnType<typeof makeEvents>;

export type QueueBackend = {
  readonly kind: 'redis' | 'postgres';
  /** Every call makes a queue, worker or listener of its own; `close` closes them all. */
  queue<Data>(name: string): JobQueue<Data>;
  /** A worker that takes jobs from the queue at once. */
  worker<Data>(name: string, processor: JobProcessor<Data>, options?: JobWorkerOptions): JobWorker<Data>;
  /** What happens to the queue's jobs, whichever process works on them. */
  events(name: string): JobEvents;
  /** For a rate limit over all processes that use the same backend. */
  readonly slots: SlotBook;
  /** Resolves if the backend answers within five seconds, else throws. */
  ping(): Promise<void>;
  /** Waits for the jobs that are being worked on (with `force`, doesn't), and leaves no connection open. */
  close(force?: boolean): Promise<void>;
};

export type QueueBackendOptions = {
  /** Told of lost connections and the like; BullMQ goes on by itself. */
  readonly onError: (error: Error) => void;
};

type Base = {
  readonly kind: QueueBackend['kind'];
  readonly prefix: string | undefined;
  readonly factory: BackendFactory<IQueueBackend, Bound>;
  readonly slots: SlotBook;
  ping(): Promise<unknown>;
  end(): Promise<void>;
};

async function onRedis(
  config: NonNullable<Config['redis']>,
  { onError }: QueueBackendOptions,
): Promise<Base> {
  const { client, prefix } = await connectToRedis(config, onError);
  return {
    kind: 'redis',
    prefix,
    factory: (name, options, role) => createRedisBackend(name, { ...options, connection: client }, role),
    slots: redisSlots(client, `${prefix}:slots`),
    ping: () => client.ping(),
    end: async () => {
      // A QUIT would wait for ever where Redis is down.
      client.disconnect();
    },
  };
}

async function onPostgres(store: Store): Promise<Base> {
  const pool = store.openPool({
    max: postgresPoolSize,
    applicationName: 'rollcall-queue',
    searchPath: DEFAULT_SCHEMA,
  });
  // BullMQ's own description of a pool is not pg's.
  if (!isPgPool(pool)) throw new TypeError('pg.Pool is not what BullMQ takes for a pool');
  // Each of BullMQ's objects listens to the pool's errors.
  pool.setMaxListeners(0);
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client);
    } finally {
      client.release();
    }
    return {
      kind: 'postgres',
      prefix: undefined,
      factory: (name, options, role) => patientPostgresBackend(name, { ...options, connection: pool }, role),
      slots: await postgresSlots(pool),
      ping: () => pool.query('SELECT 1'),
      end: () => pool.end(),
    };
  } catch (cause) {
    await pool.end();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new QueueError(`The queue's tables in the database could not be made ready: ${reason}.`, { cause });
  }
}

async function withinTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new QueueError(
      `The queue's backend has not answered for ${pingTimeoutMs / 1_000} seconds.`,
    );
    timer = setTimeout(() => reject(error), pingTimeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}

type Closable = { close(force?: boolean): Promise<void> };

/**
 * Opens the queue: on Redis if the configuration names one, else in the store's database, whose `bullmq` schema is made or
 * brought up to date first. Throws a {@link QueueError} that says what is wrong, and the mend. Close it before the store.
 */
export async function openQueueBackend(
  config: Pick<Config, 'redis'>,
  store: Store,
  options: QueueBackendOptions,
): Promise<QueueBackend> {
  const base = config.redis === undefined ? await onPostgres(store) : await onRedis(config.redis, options);
  const classes: Classes = withBackend(base.factory);
  const telemetry = queueTelemetry();
  const place: Place = {
    connection: bound,
    ...(base.prefix === undefined ? {} : { prefix: base.prefix }),
    ...(telemetry === undefined ? {} : { telemetry }),
  };
  const workers: Closable[] = [];
  const others: Closable[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async (force: boolean): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close(force)));
    await Promise.all(others.map((other) => other.close()));
    await base.end();
  };
  return {
    kind: base.kind,
    slots: base.slots,
    queue: <Data>(name: string): JobQueue<Data> => {
      const queue = makeQueue<Data>(classes, name, place);
      queue.on('error', options.onError);
      others.push(queue);
      return queue;
    },
    worker: <Data>(
      name: string,
      processor: JobProcessor<Data>,
      more: JobWorkerOptions = {},
    ): JobWorker<Data> => {
      const worker = makeWorker(classes, name, processor, { ...more, ...place });
      worker.on('error', options.onError);
      workers.push(worker);
      return worker;
    },
    events: (name) => {
      const events = makeEvents(classes, name, place);
      events.on('error', options.onError);
      others.push(events);
      return events;
    },
    ping: () => withinTime(base.ping()),
    close: (force = false) => {
      closing ??= closeAll(force);
      return closing;
    },
  };
}
