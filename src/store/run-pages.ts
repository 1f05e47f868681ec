/** Runs in portions, for those who look at them. */
import { type Kysely, sql } from 'kysely';
import type { SourceId } from '../identity/identity.ts';
import type { OperationState, RunId } from './operation.ts';
import type { Run } from './runs.ts';
import type { Database, RunState } from './schema.ts';

export interface RunFilter {
  readonly source?: SourceId | undefined;
  readonly states?: readonly RunState[] | undefined;
}

/** The newest runs first. @param after - those that come after this one; from the first on where it is not given, or gone */
export async function runsPage(
  db: Kysely<Database>,
  { source, states }: RunFilter,
  limit: number,
  after?: RunId,
): Promise<readonly Run[]> {
  let query = db
    .selectFrom('runs')
    .selectAll()
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (source !== undefined) query = query.where('source_id', '=', source);
  if (states !== undefined) query = query.where('state', 'in', states);
  if (after !== undefined && (await exists(db, after)))
    // Compared in the store, whose times are finer than ours.
    query = query.where(
      sql<boolean>`(requested_at, id) < (SELECT cursor.requested_at, cursor.id FROM runs AS cursor WHERE cursor.id = ${after})`,
    );
  return await query.execute();
}

const exists = async (db: Kysely<Database>, id: RunId): Promise<boolean> =>
  (await db.selectFrom('runs').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;

/** How many operations of each of these runs are in which state. */
export async function countsOfRuns(
  db: Kysely<Database>,
  runs: readonly RunId[],
): Promise<ReadonlyMap<RunId, ReadonlyMap<OperationState, number>>> {
  const counts = new Map<RunId, Map<OperationState, number>>(runs.map((id) => [id, new Map()]));
  if (runs.length === 0) return counts;
  const rows = await db
    .selectFrom('operations')
    .select(({ fn }) => ['run_id', 'state', fn.countAll<string>().as('count')])
    .where(sql<boolean>`run_id = any(${runs})`)
    .groupBy(['run_id', 'state'])
    .execute();
  for (const { run_id, state, count } of rows) counts.get(run_id)?.set(state, Number(count));
  return counts;
}

/** How many of a run's operations ended lately, and over how many milliseconds that was: what a rate is made of. */
export async function recentlyEnded(
  db: Kysely<Database>,
  run: RunId,
  withinMs: number,
): Promise<{ readonly ended: number; readonly overMs: number }> {
  const within = sql`(${withinMs} * interval '1 millisecond')`;
  const { rows } = await sql<{ readonly ended: string; readonly over_ms: number | null }>`
    SELECT count(*) FILTER (WHERE ended_at > now() - ${within}) AS ended,
      extract(epoch FROM least(${within}, now() - min(ended_at))) * 1000 AS over_ms
    FROM operations WHERE run_id = ${run}`.execute(db);
  return { ended: Number(rows[0]?.ended ?? 0), overMs: Number(rows[0]?.over_ms ?? 0) };
}
