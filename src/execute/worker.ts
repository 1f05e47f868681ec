/** Takes operations from the queue and carries them out, one lease each. */

import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import type { ProfileApi, ProfileId } from '../profile-api/index.ts';
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
import { takeOutOfQueue } from '../store/operations/dispatch.ts';
import type { ClosedTime } from '../store/operations/in-hands.ts';
import { claimAll, LeaseLostError, noteIntent, renewLeases } from '../store/operations/leases.ts';
import type { OperationId, OperationKind, OperationState, RunId } from '../store/operations/operation.ts';
import type { Operation } from '../store/operations/operations.ts';
import { linkOf } from '../store/people/links.ts';
import type { Database } from '../store/schema.ts';
import { note, traced } from '../tracing/index.ts';
import { type AttemptContext, attempt } from './attempt.ts';
import { startBulkLoader } from './bulk/loader.ts';
import { type CircuitStatus, isResting, startCircuit } from './circuit.ts';
import { openHands } from './hands.ts';
import { lastAdministrator } from './last-administrator.ts';
import { openLooks } from './looks.ts';
import type { Ended, Outcome, Recorded } from './outcome.ts';
import { openPlaces } from './places.ts';
import { purgeRule } from './purge-rule.ts';
import { recordOutcome, recordTogether } from './record.ts';
import { needsSeat, openRefusals } from './refusals.ts';
import { together } from './together.ts';
import { type OrgAccess, watchedApi } from './watched-api.ts';

/** A worker that has not renewed its lease for this long is taken for dead. */
const leaseMs = 20_000;
const renewEveryMs = 5_000;
const ownProfileForMs = 600_000;
/** A job that came to a worker whose API is down is for another worker, or for later. */
const restlessMs = 1_000;
/** Jobs for each request that may be under way: of those of a first load, so many are what fills the hands. */
const jobsPerRequest = 2;
/** Of what is asked of the store for many operations at once. */
const togetherAtMost = 200;
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

/** A try of an operation, in numbers. */
export interface Tried {
  readonly kind: OperationKind;
  /** The state that it left the operation in: `queued` where it is to be tried again. */
  readonly state: OperationState;
  readonly durationMs: number;
}

/** An operation as it comes out of the queue. */
interface TakenUp {
  /** By the job's name. */
  readonly kind: string;
  /** For whoever has it in hand already. */
  readonly waits: boolean;
  readonly onAnswered?: () => void;
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
  const refusals = openRefusals();
  const urgent = watchedApi(urgentApi, circuit, (request) => requests.use(request, 'urgent'));
  const lookup = openLooks({ api, circuit, requests, hands, signal: stopping.signal });
  const context = {
    lookup,
    ownProfile: remembered(() => urgent.api.whoAmI().then((own) => own.profileId)),
    inviteRole: config.lifecycle.invite.role,
    mayPurge: purgeRule(config),
    lastAdministrator: (...given: Parameters<AttemptContext['lastAdministrator']>) =>
      lastAdministrator({ db, guards: config.guards, owner }, ...given),
    timeoutMs: config.profileApi.timeout,
    signal: stopping.signal,
    noteIntent: async ({ id, kind, intent_at: triedAt }: Operation) => {
      // That of a first try was stored when it was taken, a moment ago.
      if (kind !== 'create' || triedAt !== null) await noteIntent(db, id, owner);
    },
    isSpared: circuit.isSpared,
  };

  // Creations come by the thousand; what they need of the store is asked for many of them at once.
  async function claimThem(ids: readonly OperationId[]): Promise<readonly (Operation | undefined)[]> {
    const claimed = await claimAll(db, ids, owner, leaseMs, closed());
    const byId = new Map(claimed.map((operation) => [operation.id, operation]));
    return ids.map((id) => byId.get(id));
  }
  const take = together(claimThem, togetherAtMost);
  // While there are others for the next requests, a claim is for the more.
  const takeInPassing = together(claimThem, togetherAtMost, {
    isEarly: () => requests.waiting > (hands.inAdvance - concurrency) / 2,
  });
  const recordCreation = together(
    (ended: readonly Ended[]) => recordTogether(db, ended, owner, retry, new Date()),
    togetherAtMost,
  );
  const putBack = together(async (ids: readonly OperationId[]) => {
    await takeOutOfQueue(db, ids);
    return ids.map(() => undefined);
  }, togetherAtMost);

  /** Nobody asks what the org has just refused to all. */
  const ordinary = (operation: Operation, askedAt: number): OrgAccess =>
    watchedApi(api, circuit, (request, hasEffect) => {
      const takesSeat = hasEffect && needsSeat(operation);
      return requests.use(() => refusals.ask({ askedAt, takesSeat }, request));
    });

  const telling = new Set<Promise<void>>();
  function tellDeactivated(run: RunId): void {
    if (onDeactivated === undefined) return;
    const told = onDeactivated(run, stopping.signal)
      .catch((error: unknown) =>
        log.warn(
          { event: 'verification.late', run, err: error },
          'A deactivation could not be verified at once; it is in a moment.',
        ),
      )
      .finally(() => telling.delete(told));
    telling.add(told);
  }

  async function carryOut(id: OperationId, { kind, onAnswered = () => {} }: TakenUp): Promise<void> {
    // Whoever waited for a hand meanwhile waits again, in the queue.
    if (isClosing || isResting(circuit.status)) return await putBack(id);
    const askedAt = performance.now();
    const operation = await (kind === 'create' ? takeInPassing(id) : take(id));
    // Ended meanwhile, in other hands, not due, or paused: the store knows, and dispatches it again if need be.
    if (operation === undefined) return await putBack(id);
    const begunAt = performance.now();
    try {
      const isCreation = operation.kind === 'create';
      // Who is to be created has no profile yet, and nobody asks for their link.
      const link = isCreation ? undefined : await linkOf(db, operation.source_id, operation.anchor);
      const { outcome, mayHaveHappened } = await attempt(operation, link, {
        ...context,
        access: operation.kind === 'deactivate' ? urgent : ordinary(operation, askedAt),
        onAnswered,
      });
      const ended = { operation, outcome, mayHaveHappened };
      const recorded = isCreation
        ? await recordCreation(ended)
        : await recordOutcome(db, ended, owner, retry, new Date());
      report(log, operation, outcome, recorded);
      if (operation.kind === 'deactivate' && recorded.state === 'done') tellDeactivated(operation.run_id);
      note({ 'rollcall.kind': operation.kind, 'rollcall.outcome': recorded.state });
      onTried?.({ kind: operation.kind, state: recorded.state, durationMs: performance.now() - begunAt });
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      log.warn({ event: 'operation.lease-lost', operation: id }, error.message);
    }
  }

  /** A leaver's two jobs may come at the same time: one carries the operation out, and the other one waits for it where told to. */
  async function takeUp(id: OperationId, how: TakenUp): Promise<void> {
    const inOtherLane = inHand.get(id);
    if (inOtherLane !== undefined) {
      if (how.waits) await inOtherLane.catch(() => undefined);
      return;
    }
    const carriedOut = traced('operation', { 'rollcall.operation': id }, () => carryOut(id, how)).finally(
      () => inHand.delete(id),
    );
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
      await Promise.all(telling);
      clearTimeout(cut);
      clearInterval(renewal);
    },
  };
}

function report(log: Logger, operation: Operation, outcome: Outcome, { state, message }: Recorded): void {
  const { id, run_id: run, kind, email, attempts } = operation;
  const entry = {
    event: `operation.${state === 'queued' ? 'again' : state}`,
    operation: id,
    run,
    kind,
    email,
    attempts,
  };
  if (state === 'failed' || outcome.kind === 'stop') log.error(entry, message);
  else if (state === 'queued' || state === 'superseded') log.warn(entry, message);
  else log.info(entry, message);
}

/** Asks once in a while, and not again while the answer is fresh. */
function remembered(ask: () => Promise<ProfileId>): () => Promise<ProfileId> {
  let answer: Promise<ProfileId> | undefined;
  let askedAt = 0;
  return () => {
    const now = performance.now();
    if (answer === undefined || now - askedAt > ownProfileForMs) {
      askedAt = now;
      answer = ask().catch((error: unknown) => {
        answer = undefined;
        throw error;
      });
    }
    return answer;
  };
}
