/** What became of runs, in numbers. */
import { type Kysely, sql } from 'kysely';
import type { OperationState, RunId } from '../operations/operation.ts';
import type { Database } from '../schema.ts';

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

/** How many people are inactive by a run's doing and by nobody else's since: those whom undoing it would bring back. */
export async function countUndoable(db: Kysely<Database>, run: RunId): Promise<number> {
  const { count } = await db
    .selectFrom('operations')
    .innerJoin('links', (join) =>
      join
        .onRef('links.source_id', '=', 'operations.source_id')
        .onRef('links.anchor', '=', 'operations.anchor')
        .onRef('links.deactivated_by', '=', 'operations.run_id'),
    )
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('operations.run_id', '=', run)
    .where('operations.kind', '=', 'deactivate')
    .where('operations.state', '=', 'done')
    .executeTakeFirstOrThrow();
  return Number(count);
}
