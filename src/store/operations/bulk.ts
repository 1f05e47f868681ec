/** Creations that are taken many at a time, as the rows of a file. Each is one once; after that it goes the ordinary way. */
import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import { inMs } from '../runs/runs.ts';
import type { Database } from '../schema.ts';
import { type ClosedTime, inHandsOf, isReleased } from './in-hands.ts';
import type { OperationId, RunId } from './operation.ts';
import type { Operation } from './operations.ts';

/** In front of the owner of a lease that no job of the queue stands for. */
export const bulkOwnerPrefix = 'bulk:';

/** Never tried in any way. */
const isFresh = ({ and, eb }: ExpressionBuilder<Database, 'operations'>) =>
  and([
    eb('kind', '=', 'create'),
    eb('state', '=', 'queued'),
    eb('attempts', '=', 0),
    eb('intent_at', 'is', null),
    eb('bulk_at', 'is', null),
    eb('not_before', '<=', sql<Date>`now()`),
  ]);

const runsWithFresh = (db: Kysely<Database>, from: number, closed: readonly ClosedTime[]) =>
  db
    .selectFrom('operations')
    .select('run_id')
    .where(isFresh)
    // One that is paused keeps no other from being loaded.
    .where(isReleased(closed))
    .groupBy('run_id')
    .having(({ fn }) => fn.countAll(), '>=', from);

/** Runs with at least so many creations that nobody has tried yet, the oldest first. */
export async function runsWorthAFile(
  db: Kysely<Database>,
  from: number,
  closed: readonly ClosedTime[] = [],
): Promise<readonly RunId[]> {
  const rows = await runsWithFresh(db, from, closed)
    .orderBy(({ fn }) => fn.min('created_at'))
    .execute();
  return rows.map((row) => row.run_id);
}

/**
 * Runs whose creations are left to the files: somebody is at it, or has not had the time to begin. Whoever makes the files may
 * be gone or not be there at all, so that nobody waits for longer than this.
 */
export async function runsLeftToFiles(
  db: Kysely<Database>,
  from: number,
  headStartMs: number,
  closed: readonly ClosedTime[] = [],
): Promise<readonly RunId[]> {
  const rows = await runsWithFresh(db, from, closed)
    .having(({ or, eb, fn, exists, selectFrom }) =>
      or([
        eb(fn.max('not_before'), '>', inMs(-headStartMs)),
        exists(
          selectFrom('chores')
            .select('name')
            .where('name', '=', 'bulk-load')
            .where('lease_until', '>', sql<Date>`now()`),
        ),
      ]),
    )
    .execute();
  return rows.map((row) => row.run_id);
}

/** What is left to the files is not for the queue. */
export const isLeftTo =
  (runs: readonly RunId[]) =>
  ({ and, eb }: ExpressionBuilder<Database, 'operations'>) =>
    and([
      eb('kind', '=', 'create'),
      eb('attempts', '=', 0),
      eb('intent_at', 'is', null),
      eb('bulk_at', 'is', null),
      sql<boolean>`run_id = any(${runs})`,
    ]);

/** Takes creations of a run for a file; none that are paused, and none in closed times. */
export async function claimForFile(
  db: Kysely<Database>,
  run: RunId,
  owner: string,
  leaseMs: number,
  limit: number,
  closed: readonly ClosedTime[] = [],
): Promise<readonly Operation[]> {
  const fresh = db
    .selectFrom('operations')
    .select('id')
    .where('run_id', '=', run)
    .where(isFresh)
    .where(isReleased(closed))
    .orderBy('seq')
    .limit(limit)
    .forUpdate()
    .skipLocked();
  const claimed = await db
    .updateTable('operations')
    .set({
      ...inHandsOf(owner, leaseMs),
      attempts: 1,
      bulk_at: sql`now()`,
    })
    .where('id', 'in', fresh)
    .returningAll()
    .execute();
  return [...claimed].sort((one, other) => one.seq - other.seq);
}

/**
 * Stores of all of them that a request with an effect is about to go out.
 *
 * @returns those that are still the owner's; the others are not to be sent
 */
export async function noteIntents(
  db: Kysely<Database>,
  ids: readonly OperationId[],
  owner: string,
): Promise<ReadonlySet<OperationId>> {
  const noted = await db
    .updateTable('operations')
    .set({ intent_at: sql`coalesce(intent_at, now())` })
    .where(sql<boolean>`id = any(${ids})`)
    .where('state', '=', 'running')
    .where('lease_owner', '=', owner)
    .returning('id')
    .execute();
  return new Set(noted.map(({ id }) => id));
}

/** Gives them back, to be carried out one by one, with all their attempts. Those that are another owner's by now are left to it. */
export async function returnFromFile(
  db: Kysely<Database>,
  ids: readonly OperationId[],
  owner: string,
  returned: {
    readonly delayMs: number;
    readonly message: string;
    readonly mayHaveHappened: boolean;
  },
): Promise<void> {
  await db
    .updateTable('operations')
    .set({
      state: 'queued',
      not_before: inMs(returned.delayMs),
      message: returned.message,
      lease_owner: null,
      lease_until: null,
      attempts: 0,
      ...(returned.mayHaveHappened ? {} : { intent_at: null }),
    })
    .where(sql<boolean>`id = any(${ids})`)
    .where('state', '=', 'running')
    .where('lease_owner', '=', owner)
    .execute();
}

/** How many of a run's operations are rows of a file at this moment. */
export async function countInFile(db: Kysely<Database>, run: RunId): Promise<number> {
  const row = await db
    .selectFrom('operations')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('run_id', '=', run)
    .where('state', '=', 'running')
    .where('lease_owner', 'like', `${bulkOwnerPrefix}%`)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
