/** Puts the ids of due operations into the queue, and puts them there again if the queue has lost them. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { runsLeftToFiles } from '../store/operations/bulk.ts';
import {
  countDispatched,
  type Dispatchable,
  forgetDispatch,
  markDispatched,
  markDispatchedNow,
} from '../store/operations/dispatch.ts';
import type { ClosedTime } from '../store/operations/in-hands.ts';
import type { OperationId, OperationKind } from '../store/operations/operation.ts';
import type { Database } from '../store/schema.ts';
import { inTraceOf, queueTelemetry } from '../tracing/index.ts';
import type { JobQueue, QueueBackend } from './connection.ts';

/** Where every operation goes. */
export const operationQueueName = 'operations';
/** Leavers stand here too, for the place that every worker keeps for them. Whichever job comes first has the operation. */
export const leaverQueueName = 'leavers';

/** All that the queue ever holds of operations: one of them, or many. */
export type OperationJob =
  | { readonly operation: OperationId }
  | { readonly operations: readonly OperationId[] };

/** The operations that a job stands for. */
export const operationsIn = (job: OperationJob): readonly OperationId[] =>
  'operation' in job ? [job.operation] : job.operations;

/** Promise 6: a leaver overtakes everybody. Lower comes first. */
const priorities: Readonly<Record<OperationKind, number>> = {
  deactivate: 1,
  reactivate: 5,
  edit: 10,
  adopt: 10,
  create: 20,
  invite: 20,
  purge: 30,
};

const batchSize = 2_000;
/** A job costs as much as two statements in the store, whatever is in it. */
const jobSize = { most: 20, jobs: 100 } as const;
const sweepEveryMs = 15_000;
/** Creations that a file may be made of wait this long for somebody to begin with it. */
const headStartMs = 5_000;

/** An operation's id begins with its run's. */
const runOfOperation = ({ id }: Dispatchable): string => id.slice(0, id.lastIndexOf('.'));

function jobsOf(due: readonly Dispatchable[]) {
  return [...Map.groupBy(due, ({ job }) => job)].flatMap(([jobId, some]) => {
    const [first] = some;
    if (first === undefined) return [];
    const data: OperationJob =
      some.length === 1 ? { operation: first.id } : { operations: some.map(({ id }) => id) };
    const opts = { jobId, priority: priorities[first.kind], removeOnComplete: true, removeOnFail: true };
    return [{ name: first.kind, data, opts }];
  });
}

/** The way from the store into the queue. */
export interface Dispatcher {
  /** Dispatches all that is due. @returns how many went into the queue */
  dispatchDue(): Promise<number>;
  /** Dispatches some at once, however many others wait: leavers, who can't wait for the next look. */
  dispatchNow(ids: readonly OperationId[]): Promise<void>;
  /** Has everything dispatched again that the store counts as queued and the queue does not know. */
  sweep(): Promise<void>;
  /** Does both again and again. */
  start(): void;
  /** How many jobs there are, by queue and state. */
  depths(): Promise<readonly QueueDepth[]>;
  /** Stops looking, and waits for what it is at. */
  close(): Promise<void>;
}

/** How many jobs of a queue are in one state. */
export interface QueueDepth {
  readonly queue: string;
  /** As BullMQ names it. */
  readonly state: string;
  readonly count: number;
}

/** How a dispatcher works; everything can be left out. */
export interface DispatcherOptions {
  /** Between two looks for what is due; a second by default. */
  readonly everyMs?: number;
  /** From how many creations of a run on they are left to files; undefined where none are made. */
  readonly bulkFrom?: number | undefined;
  /** When nothing is put into the queue, around now. */
  readonly closed?: () => readonly ClosedTime[];
}

/** A dispatcher that does nothing before it is started. */
export function createDispatcher(
  db: Kysely<Database>,
  backend: QueueBackend,
  log: Logger,
  { everyMs = 1_000, bulkFrom, closed = () => [] }: DispatcherOptions = {},
): Dispatcher {
  const queue: JobQueue<OperationJob> = backend.queue(operationQueueName);
  const leavers: JobQueue<OperationJob> = backend.queue(leaverQueueName);
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> = Promise.resolve();
  let sweptAt = Date.now();

  async function put(due: readonly Dispatchable[]): Promise<void> {
    if (queueTelemetry() === undefined) return await putTogether(due);
    for (const [run, some] of Map.groupBy(due, runOfOperation)) await inTraceOf(run, () => putTogether(some));
  }

  async function putTogether(due: readonly Dispatchable[]): Promise<void> {
    if (due.length === 0) return;
    const leaving = due.filter(({ kind }) => kind === 'deactivate');
    if (leaving.length > 0) await leavers.addBulk(jobsOf(leaving));
    await queue.addBulk(jobsOf(due));
  }

  async function dispatchDue(): Promise<number> {
    const leftToFiles =
      bulkFrom === undefined ? [] : await runsLeftToFiles(db, bulkFrom, headStartMs, closed());
    let total = 0;
    for (;;) {
      const due = await markDispatched(db, batchSize, jobSize, leftToFiles, closed());
      await put(due);
      total += due.length;
      if (due.length < batchSize) return total;
    }
  }

  /** A leaver counts twice until their second job is found to be needless, which takes a moment. */
  async function countJobs(): Promise<number> {
    const counts = [queue, leavers].map((one) =>
      one.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed'),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  async function sweep(): Promise<void> {
    sweptAt = Date.now();
    // Work goes on meanwhile: what ends between two counts is in the first of them, what begins in the last.
    const before = await countJobs();
    const inStore = await countDispatched(db, sweepEveryMs);
    const inQueue = inStore <= before ? before : Math.max(before, await countJobs());
    if (inQueue >= inStore) return;
    const forgotten = await forgetDispatch(db, sweepEveryMs);
    if (forgotten > 0)
      log.warn(
        { event: 'queue.lost', inStore, inQueue, forgotten },
        'The queue has lost operations; they are queued again.',
      );
  }

  async function tick(): Promise<void> {
    try {
      if (Date.now() - sweptAt >= sweepEveryMs) await sweep();
      await dispatchDue();
    } catch (error) {
      log.error(
        { event: 'dispatch.failed', err: error },
        'Operations could not be put into the queue; tried again in a moment.',
      );
    }
  }

  const loop = (): void => {
    timer = setTimeout(() => {
      ticking = tick().then(() => {
        if (timer !== undefined) loop();
      });
    }, everyMs);
  };

  return {
    dispatchDue,
    dispatchNow: async (ids) => put(await markDispatchedNow(db, ids, closed())),
    sweep,
    start: loop,
    async depths() {
      const counted = await Promise.all(
        [queue, leavers].map(async (one) => {
          const counts = await one.getJobCounts();
          return Object.entries(counts).map(([state, count]) => ({ queue: one.name, state, count }));
        }),
      );
      return counted.flat();
    },
    async close() {
      clearTimeout(timer);
      timer = undefined;
      await ticking;
    },
  };
}
