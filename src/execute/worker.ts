/** Takes operations from the queue and carries them out, one lease each. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import type { ProfileApi, ProfileId } from '../profile-api/index.ts';
import { type OperationJob, operationQueueName, type QueueBackend } from '../queue/index.ts';
import { linkOf } from '../store/links.ts';
import type { OperationId } from '../store/operation.ts';
import { claim, LeaseLostError, noteIntent, type Operation, renewLeases } from '../store/operations.ts';
import type { Database } from '../store/schema.ts';
import { attempt } from './attempt.ts';
import { orgLookup } from './org-lookup.ts';
import type { Outcome } from './outcome.ts';
import { type Recorded, recordOutcome } from './record.ts';

/** A worker that has not renewed its lease for this long is taken for dead. */
const leaseMs = 20_000;
const renewEveryMs = 5_000;
const ownProfileForMs = 600_000;

/**
 * BullMQ keeps the job of a dead worker for as long as its lock, and takes no second job of the same id meanwhile; so its
 * patience is no longer than the lease. How often a job may stall is the operation's affair, not the queue's.
 */
const stalling = { lockDuration: leaseMs / 2, stalledInterval: renewEveryMs, maxStalledCount: 1_000_000 };

export interface WorkerMeans {
  readonly db: Kysely<Database>;
  readonly backend: QueueBackend;
  readonly api: ProfileApi;
  readonly config: Pick<Config, 'profileApi' | 'lifecycle' | 'retry'>;
  readonly log: Logger;
}

export interface OperationWorker {
  /** Stops taking operations, and waits for those in hand; after the grace time their requests are broken off. */
  close(graceMs: number): Promise<void>;
}

export function startWorker({ db, backend, api, config, log }: WorkerMeans): OperationWorker {
  const owner = randomUUID();
  const inHand = new Set<OperationId>();
  const stopping = new AbortController();
  const { attempts, backoff, maxBackoff } = config.retry;
  const retry = { attempts, backoffMs: backoff, maxBackoffMs: maxBackoff };
  const context = {
    api,
    lookup: orgLookup(api),
    ownProfile: remembered(() => api.whoAmI().then((own) => own.profileId)),
    inviteRole: config.lifecycle.invite.role,
    timeoutMs: config.profileApi.timeout,
    signal: stopping.signal,
    noteIntent: ({ id }: Operation) => noteIntent(db, id, owner),
  };

  async function carryOut(id: OperationId): Promise<void> {
    const operation = await claim(db, id, owner, leaseMs);
    // Ended meanwhile, in other hands, not due, or paused: the store knows, and dispatches it again if need be.
    if (operation === undefined) return;
    inHand.add(id);
    try {
      const link = await linkOf(db, operation.source_id, operation.anchor);
      const { outcome, mayHaveHappened } = await attempt(operation, link, context);
      const recorded = await recordOutcome(db, operation, owner, outcome, mayHaveHappened, retry, new Date());
      report(log, operation, outcome, recorded);
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      log.warn({ event: 'operation.lease-lost', operation: id }, error.message);
    } finally {
      inHand.delete(id);
    }
  }

  const renewal = setInterval(() => {
    if (inHand.size === 0) return;
    renewLeases(db, owner, [...inHand], leaseMs).catch((error: unknown) => {
      log.error(
        { event: 'lease.failed', err: error },
        'The leases of running operations could not be renewed.',
      );
    });
  }, renewEveryMs);

  const worker = backend.worker<OperationJob>(operationQueueName, (job) => carryOut(job.data.operation), {
    concurrency: config.profileApi.concurrency,
    ...stalling,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('failed', (job, error) => {
    log.error(
      { event: 'operation.crashed', operation: job?.data.operation, err: error },
      'An operation could not be carried out or its outcome not be stored; it is tried again.',
    );
  });

  return {
    async close(graceMs) {
      const cut = setTimeout(() => stopping.abort(new Error('Rollcall is stopping.')), graceMs);
      await worker.close();
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
