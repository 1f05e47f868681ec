/** Deletes what is over and old, in batches. What a person has still to decide stays, however old it is. */
import { type Kysely, sql } from 'kysely';
import type { OperationState } from './operations/operation.ts';
import type { Database, RunState } from './schema.ts';

const batchSize = 2_000;

const endedRuns = ['done', 'failed', 'rejected', 'expired'] as const satisfies readonly RunState[];
/** Over by themselves. A failed one waits for `retry` or `discard`. */
const settled = [
  'done',
  'superseded',
  'rejected',
  'expired',
  'discarded',
] as const satisfies readonly OperationState[];

/**
 * Deletes operations that ended before a time: those of runs that are over and confirmed. A failed one goes only once a later
 * operation for the same person was done, and never an invitation of which nobody knows whether it was sent.
 *
 * @returns how many
 */
export async function deleteOldOperations(
  db: Kysely<Database>,
  endedBefore: Date,
  signal?: AbortSignal,
): Promise<number> {
  return await inBatches(signal, async () => {
    const old = db
      .selectFrom('operations as old')
      .innerJoin('runs', 'runs.id', 'old.run_id')
      .select('old.id')
      .where('old.ended_at', '<', endedBefore)
      .where('runs.state', 'in', endedRuns)
      .where('runs.verify_due', '=', false)
      .where(({ or, and, eb, exists, selectFrom }) =>
        or([
          eb('old.state', 'in', settled),
          and([
            eb('old.state', '=', 'failed'),
            or([eb('old.kind', '<>', 'invite'), eb('old.intent_at', 'is', null)]),
            exists(
              selectFrom('operations as later')
                .select(sql`1`.as('one'))
                .whereRef('later.source_id', '=', 'old.source_id')
                .whereRef('later.anchor', '=', 'old.anchor')
                .where('later.state', '=', 'done')
                .whereRef('later.created_at', '>', 'old.created_at'),
            ),
          ]),
        ]),
      )
      .limit(batchSize);
    return await db.deleteFrom('operations').where('id', 'in', old).returning('id').execute();
  });
}

/**
 * Deletes runs that ended before a time, with their findings, once none of their operations is left. The latest run of each
 * source stays, and the latest one that saw everybody: by it the conflicts are known.
 *
 * @returns how many
 */
export async function deleteOldRuns(
  db: Kysely<Database>,
  endedBefore: Date,
  signal?: AbortSignal,
): Promise<number> {
  const kept = await latestOfEachSource(db);
  return await inBatches(signal, async () => {
    const old = db
      .selectFrom('runs')
      .select('id')
      .where('ended_at', '<', endedBefore)
      .where('state', 'in', endedRuns)
      .where('verify_due', '=', false)
      .where(sql<boolean>`id <> all(${kept})`)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('operations').select(sql`1`.as('one')).whereRef('operations.run_id', '=', 'runs.id'),
          ),
        ),
      )
      .limit(batchSize);
    return await db.deleteFrom('runs').where('id', 'in', old).returning('id').execute();
  });
}

async function latestOfEachSource(db: Kysely<Database>): Promise<readonly string[]> {
  const latest = db
    .selectFrom('runs')
    .select('id')
    .distinctOn('source_id')
    .orderBy('source_id')
    .orderBy('requested_at', 'desc');
  const complete = db
    .selectFrom('runs')
    .select('id')
    .distinctOn('source_id')
    .where('only_who', 'is', null)
    .where('summary', 'is not', null)
    .where(({ eb, ref }) => eb(ref('summary', '->>').key('incomplete'), 'is', null))
    .where(({ eb, ref }) => eb(ref('summary', '->>').key('reading'), 'is distinct from', 'delta'))
    .orderBy('source_id')
    .orderBy('planned_at', 'desc');
  return [...(await latest.execute()), ...(await complete.execute())].map(({ id }) => id);
}

async function inBatches(
  signal: AbortSignal | undefined,
  deleteSome: () => Promise<readonly unknown[]>,
): Promise<number> {
  for (let count = 0; ; ) {
    signal?.throwIfAborted();
    const deleted = await deleteSome();
    count += deleted.length;
    if (deleted.length < batchSize) return count;
  }
}
