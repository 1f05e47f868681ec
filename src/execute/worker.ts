/** Takes operations from the queue and has them carried out: who is in hand, with which lease, and when nothing is begun. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import type { ProfileApi } from '../profile-api/index.ts';
import {
  type JobProcessor,
  type JobWorker,
  leaverQueueName,
  type OperationJob,
  operationQueueName,
  operationsIn,
  type QueueBackend,
  takeLater,
} from '../queue/index.ts';
import type { ClosedTime } from '../store/operations/in-hands.ts';
import { renewLeases } from '../store/operations/leases.ts';
import type { OperationId, RunId } from '../store/operations/operation.ts';
import type { Database } from '../store/schema.ts';
import { traced } from '../tracing/index.ts';
import { startBulkLoader } from './bulk/loader.ts';
import { openCarrier, type TakenUp, type Tried } from './carry-out.ts';
import { type CircuitStatus, isResting, startCircuit } from './circuit.ts';
import { openHands } from './hands.ts';
import { openLooks } from './looks.ts';
import { openPlaces } from './places.ts';

/** A worker that has not renewed its lease for this long is taken for dead. */
const leaseMs = 20_000;
const renewEveryMs = 5_000;
/** A job that came to a worker whose API is down is for another worker, or for later. */
const restlessMs = 1_000;
/** Jobs for each request that may be under way: of those of a first load, so many are what fills the hands. */
const jobsPerRequest = 2;
/** Kept free for leavers, beside the configured ones: they wait for no slow creation. */
const leaverPlaces = 1;

/**
 * BullMQ keeps the job of a dead worker for as long as its lock, and takes no second job of the same id meanwhile; so its
 * patience is no longer than the lease. How often a job may stall is the operation's affair, not the queue's.
 */
const stalling = { lockDuration: leaseMs / 2, stalledInterval: renewEveryMs, maxStalledCount: 1_000_000 };

/** What a worker works with. */
export interface WorkerMeans {
  readonly db: Kysely<Database>;
  readonly backend: QueueBackend;
  readonly api: ProfileApi;
  /** The same, before all others at the rate limit: for leavers. */
  readonly urgentApi: ProfileApi;
  /** The same, without patience: to ask whether an API that is down is back. */
  readonly probeApi: ProfileApi;
  /** The same, with the time that a file takes; undefined where none are loaded. */
  readonly fileApi: ProfileApi | undefined;
  readonly config: Pick<Config, 'profileApi' | 'lifecycle' | 'guards' | 'retry'>;
  readonly log: Logger;
  /** When nothing is taken, around now. */
  readonly closed?: () => readonly ClosedTime[];
  /** Told of a run of which somebody was deactivated just now, once that is stored. */
  readonly onDeactivated?: (run: RunId, signal: AbortSignal) => Promise<void>;
  /** Told of every try once it is stored. */
  readonly onTried?: ((tried: Tried) => void) | undefined;
}

/** A worker at work. */
export interface OperationWorker {
  /** When operations can be put into the queue that are for the queue alone. */
  readonly ready: Promise<void>;
  /** Whether the API is up, as this worker has met it. */
  readonly circuit: CircuitStatus;
  /** Stops taking operations, and waits for those in hand; after the grace time their requests are broken off. */
  close(graceMs: number): Promise<void>;
}

/** Starts taking operations: `profileApi.concurrency` requests at a time, and one more for a leaver. More operations than that are in hand. */
export function startWorker({
  db,
  backend,
  api,
  urgentApi,
  probeApi,
  fileApi,
  config,
  log,
  closed = () => [],
  onDeactivated,
  onTried,
}: WorkerMeans): OperationWorker {
  const owner = randomUUID();
  const inHand = new Map<OperationId, Promise<void>>();
  const stopping = new AbortController();
  let isClosing = false;
  const { attempts, backoff, maxBackoff } = config.retry;
  const retry = { attempts, backoffMs: backoff, maxBackoffMs: maxBackoff, limits: config.guards };
  const workers: JobWorker<OperationJob>[] = [];
  const { concurrency } = config.profileApi;
  const requests = openPlaces(concurrency, leaverPlaces);
  const hands = openHands(concurrency);
  const circuit = startCircuit({
    probe: (signal) => probeApi.whoAmI(signal),
    onOpen: () => void Promise.all(workers.map((worker) => worker.pause(true))),
    onClose: () => void Promise.all(workers.map((worker) => worker.resume())),
    places: concurrency,
    onPlaces: (places) => {
      requests.setMost(places);
      hands.feel(places);
    },
    log,
  });
  const lookup = openLooks({ api, circuit, requests, hands, signal: stopping.signal });
  const carrier = openCarrier({
    db,
    api,
    urgentApi,
    config,
    retry,
    log,
    closed,
    owner,
    leaseMs,
    circuit,
    requests,
    hands,
    lookup,
    mayBegin: () => !isClosing && !isResting(circuit.status),
    signal: stopping.signal,
    onDeactivated,
    onTried,
  });

  /** A leaver's two jobs may come at the same time: one carries the operation out, and the other one waits for it where told to. */
  async function takeUp(
    id: OperationId,
    { waits, ...taken }: TakenUp & { readonly waits: boolean },
  ): Promise<void> {
    const inOtherLane = inHand.get(id);
    if (inOtherLane !== undefined) {
      if (waits) await inOtherLane.catch(() => undefined);
      return;
    }
    const carriedOut = traced('operation', { 'rollcall.operation': id }, () =>
      carrier.carryOut(id, taken),
    ).finally(() => inHand.delete(id));
    inHand.set(id, carriedOut);
    await carriedOut;
  }

  const renewal = setInterval(() => {
    if (inHand.size === 0) return;
    renewLeases(db, owner, [...inHand.keys()], leaseMs).catch((error: unknown) => {
      log.error(
        { event: 'lease.failed', err: error },
        'The leases of running operations could not be renewed.',
      );
    });
  }, renewEveryMs);

  const work = (queue: string, jobs: number): JobWorker<OperationJob> => {
    const processor: JobProcessor<OperationJob> = async (job, token) => {
      if (isResting(circuit.status)) await takeLater(job, token, restlessMs);
      await Promise.all(
        operationsIn(job.data).map(async (id) => {
          // Nobody starts who may need the seat that a leaver in the other lane is about to free.
          if (queue === operationQueueName)
            await hands.take(job.name, (onAnswered) =>
              takeUp(id, { kind: job.name, waits: true, onAnswered }),
            );
          else await takeUp(id, { kind: job.name, waits: false });
        }),
      );
    };
    const worker = backend.worker(queue, processor, {
      concurrency: jobs,
      ...stalling,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    worker.on('failed', (job, error) => {
      log.error(
        { event: 'operation.crashed', operations: job && operationsIn(job.data), err: error },
        'An operation could not be carried out or its outcome not be stored; it is tried again.',
      );
    });
    return worker;
  };
  workers.push(work(operationQueueName, concurrency * jobsPerRequest), work(leaverQueueName, concurrency));

  const { bulk } = config.profileApi;
  const isUp = (): boolean => circuit.status.kind === 'closed';
  const loader =
    bulk === undefined || fileApi === undefined
      ? undefined
      : startBulkLoader({
          db,
          api: {
            validateCsv: (file, signal) => circuit.watch(() => fileApi.validateCsv(file, signal)),
            uploadCsv: (file, signal) => circuit.watch(() => fileApi.uploadCsv(file, signal)),
          },
          lookup,
          bulk,
          closed,
          isUp,
          retry,
          log,
          signal: stopping.signal,
        });

  return {
    ready: loader?.ready ?? Promise.resolve(),
    get circuit() {
      return circuit.status;
    },
    async close(graceMs) {
      circuit.stop();
      isClosing = true;
      const cut = setTimeout(() => stopping.abort(new Error('Rollcall is stopping.')), graceMs);
      await Promise.all([loader?.close(), ...workers.map((worker) => worker.close())]);
      await carrier.told();
      clearTimeout(cut);
      clearInterval(renewal);
    },
  };
}
