/** Which operations are in the queue, as far as the store knows. */
import { randomUUID } from 'node:crypto';
import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { bulkOwnerPrefix, isLeftTo } from './bulk.ts';
import { type ClosedTime, isReleased } from './in-hands.ts';
import type { OperationId, OperationKind, RunId } from './operation.ts';

/** An operation that is due. */
export interface Dispatchable {
  readonly id: OperationId;
  readonly kind: OperationKind;
  /** The job that it is to be put into the queue as: its own id, or what it has in common with some of its kind and run. */
  readonly job: string;
}

/** How operations come into jobs. */
export interface JobSize {
  /** Operations in a job, at most. */
  readonly most: number;
  /** About so many jobs are made, at least, where as many operations are due: else some workers would have nothing to do. */
  readonly jobs: number;
}

/**
 * Marks operations that a worker may take now, and that are not in the queue, as being put there: due ones, and those
 * whose worker is gone. Deactivations come first. None that are paused, and none in closed times.
 *
 * @param size - a leaver always has a job alone
 * @param closed - when nothing is taken, around now
 * @param leftToFiles - runs whose creations nobody has tried yet are left to whoever loads them as files
 */
export async function markDispatched(
  db: Kysely<Database>,
  limit: number,
  size: JobSize,
  leftToFiles: readonly RunId[] = [],
  closed: readonly ClosedTime[] = [],
): Promise<readonly Dispatchable[]> {
  const due = db
    .selectFrom('operations')
    .select('operations.id')
    .where('dispatched_at', 'is', null)
    .where(isTakeable)
    .where((eb) => (leftToFiles.length === 0 ? eb.lit(true) : eb.not(isLeftTo(leftToFiles)(eb))))
    .where(isReleased(closed))
    .orderBy(sql`kind <> 'deactivate'`)
    .orderBy('not_before')
    .limit(limit)
    .forUpdate()
    .skipLocked();
  // A job's name is used once: what is left of one must not stand in the way of the next.
  const inOne = sql`least(${size.most}::int, (SELECT count(*)::int / ${size.jobs}::int FROM due))`;
  const shared = sql<string>`run_id || '.' || kind || '.' || (seq / ${inOne}) || '.' || ${randomUUID()}::text`;
  const rows = await db
    .with('due', () => due)
    .updateTable('operations')
    .set({
      dispatched_at: sql`now()`,
      dispatched_as: sql`CASE WHEN kind = 'deactivate' OR ${inOne} < 2 THEN id ELSE ${shared} END`,
    })
    .where('id', 'in', ({ selectFrom }) => selectFrom('due').select('due.id'))
    .returning(['id', 'kind', 'dispatched_as'])
    .execute();
  return rows.map(({ id, kind, dispatched_as: job }) => ({ id, kind, job: job ?? id }));
}

/** The same for some alone, before all others that wait. */
export async function markDispatchedNow(
  db: Kysely<Database>,
  ids: readonly OperationId[],
  closed: readonly ClosedTime[] = [],
): Promise<readonly Dispatchable[]> {
  const rows = await db
    .updateTable('operations')
    .set({ dispatched_at: sql`now()`, dispatched_as: sql`id` })
    .where(sql<boolean>`id = any(${ids})`)
    .where('dispatched_at', 'is', null)
    .where(areTakeable)
    .where(isReleased(closed))
    .returning(['id', 'kind'])
    .execute();
  return rows.map((row) => ({ ...row, job: row.id }));
}

/**
 * How many jobs should be in the queue: of operations that were put there longer ago than this, or are in the hands of a
 * worker, whose job is there until it ends. Rows of a file have none.
 */
export async function countDispatched(db: Kysely<Database>, olderThanMs: number): Promise<number> {
  const row = await db
    .selectFrom('operations')
    .select(sql<string>`count(DISTINCT coalesce(dispatched_as, id))`.as('count'))
    .where('state', 'in', ['queued', 'running'])
    .where(({ or, eb }) =>
      or([eb('dispatched_at', '<', msAgo(olderThanMs)), eb('lease_until', '>=', sql<Date>`now()`)]),
    )
    .where(({ or, eb }) =>
      or([eb('lease_owner', 'is', null), eb('lease_owner', 'not like', `${bulkOwnerPrefix}%`)]),
    )
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Of a run's operations: how many are to be done, how many of those are neither paused nor in a closed time, and how many are in hand. */
export async function countReleased(
  db: Kysely<Database>,
  run: RunId,
  closed: readonly ClosedTime[],
): Promise<{ readonly queued: number; readonly released: number; readonly running: number }> {
  // In one look: what is taken between two would be in neither.
  const counted = await db
    .selectFrom('operations')
    .select(({ fn, eb }) => {
      const isQueued = eb('state', '=', 'queued');
      return [
        fn.countAll<string>().filterWhere(isQueued).as('queued'),
        fn.countAll<string>().filterWhere(isQueued).filterWhere(isReleased(closed)).as('released'),
        fn.countAll<string>().filterWhere('state', '=', 'running').as('running'),
      ];
    })
    .where('run_id', '=', run)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow();
  const { queued, released, running } = counted;
  return { queued: Number(queued), released: Number(released), running: Number(running) };
}

/** Has the operations dispatched again that were put into the queue longer ago than this, and not taken. */
export async function forgetDispatch(db: Kysely<Database>, olderThanMs: number): Promise<number> {
  const forgotten = await db
    .updateTable('operations')
    .set({ dispatched_at: null })
    .where('state', 'in', ['queued', 'running'])
    .where('dispatched_at', '<', msAgo(olderThanMs))
    .executeTakeFirst();
  return Number(forgotten.numUpdatedRows);
}

/** Of operations whose job came up while they could not be taken: they are put into the queue again once they can be. */
export async function takeOutOfQueue(db: Kysely<Database>, ids: readonly OperationId[]): Promise<void> {
  await db
    .updateTable('operations')
    .set({ dispatched_at: null })
    .where(sql<boolean>`id = any(${ids})`)
    .where('state', '=', 'queued')
    .where('dispatched_at', 'is not', null)
    .execute();
}

const msAgo = (ms: number) => sql<Date>`now() - ${ms} * interval '1 millisecond'`;

/** Due, or left behind by a worker that is gone. */
export const isTakeable = ({ or, and, eb }: ExpressionBuilder<Database, 'operations'>) =>
  or([
    and([eb('state', '=', 'queued'), eb('not_before', '<=', sql<Date>`now()`)]),
    and([eb('state', '=', 'running'), eb('lease_until', '<', sql<Date>`now()`)]),
  ]);

/**
 * The same of operations that are known by their ids, in a form for which PostgreSQL takes no index: it would read that of all
 * open ones where it doesn't know yet that there are many.
 */
export const areTakeable = sql<boolean>`CASE state
  WHEN 'queued' THEN not_before <= now()
  WHEN 'running' THEN lease_until < now()
  ELSE false END`;
