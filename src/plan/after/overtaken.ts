/** Which of a waiting plan's operations reality has overtaken: nobody should approve them unaware, and nobody is to get them. */
import { type Kysely, sql } from 'kysely';
import type { OperationId } from '../../store/operations/operation.ts';
import type { Run } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';

/** The operations that are out of date. */
export interface Overtaken {
  /** Another operation for the same person is under way, or was carried out since. */
  readonly byOthers: readonly OperationId[];
  /** A later run saw everybody, and no longer wanted them. */
  readonly unwanted: readonly OperationId[];
}

/** Finds them in one plan. Nothing is changed: whoever approves leaves them out. */
export async function overtakenIn(
  db: Kysely<Database>,
  run: Pick<Run, 'id' | 'source_id' | 'requested_at' | 'planned_at' | 'summary'>,
): Promise<Overtaken> {
  const byOthers = await thoseOvertaken(db, run);
  const known = new Set(byOthers);
  const unwanted = (await thoseUnwanted(db, run)).filter((id) => !known.has(id));
  return { byOthers, unwanted };
}

async function thoseOvertaken(
  db: Kysely<Database>,
  { id, requested_at }: Pick<Run, 'id' | 'requested_at'>,
): Promise<readonly OperationId[]> {
  const waiting = () =>
    db
      .selectFrom('operations as mine')
      .select('mine.id')
      .where('mine.run_id', '=', id)
      .where('mine.state', 'in', ['planned', 'held']);
  // Two questions, each with an index of its own: as one, it would be asked of all that was ever done.
  const underWay = waiting().where(({ exists, selectFrom }) =>
    exists(
      selectFrom('operations as other')
        .select(sql`1`.as('one'))
        .whereRef('other.source_id', '=', 'mine.source_id')
        .whereRef('other.anchor', '=', 'mine.anchor')
        .where('other.state', 'in', ['queued', 'running']),
    ),
  );
  const ended = waiting().where(({ exists, selectFrom }) =>
    exists(
      selectFrom('operations as other')
        .select(sql`1`.as('one'))
        .whereRef('other.source_id', '=', 'mine.source_id')
        .whereRef('other.anchor', '=', 'mine.anchor')
        // A failed one counts: what it sent may have had its effect unheard.
        .where('other.state', 'in', ['done', 'failed'])
        .whereRef('other.ended_at', '>', 'mine.created_at')
        // Which no operation of the run is older than.
        .where('other.ended_at', '>', requested_at),
    ),
  );
  const rows = await underWay.union(ended).execute();
  return rows.map((row) => row.id);
}

/** Whom the latest reading of everybody, under the rules that are in force, has otherwise or not at all. */
async function thoseUnwanted(
  db: Kysely<Database>,
  { id, source_id, planned_at, summary }: Pick<Run, 'id' | 'source_id' | 'planned_at' | 'summary'>,
): Promise<readonly OperationId[]> {
  // The reversal of a run, or what a backup gives back, is a person's wish and no reading's.
  if (summary === null || planned_at === null) return [];
  const later = await db
    .selectFrom('runs')
    .select('id')
    .where('source_id', '=', source_id)
    .where('mode', '=', 'apply')
    .where('only_who', 'is', null)
    .where('planned_at', '>', planned_at)
    .where(({ eb, ref }) => eb(ref('summary', '->>').key('incomplete'), 'is', null))
    .where(({ eb, ref }) => eb(ref('summary', '->>').key('reading'), '=', 'full'))
    .orderBy('planned_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (later === undefined) return [];
  const rows = await db
    .selectFrom('operations as mine')
    .select('mine.id')
    .where('mine.run_id', '=', id)
    .where('mine.state', 'in', ['planned', 'held'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('operations as other')
            .select('other.id')
            .where('other.run_id', '=', later.id)
            .whereRef('other.anchor', '=', 'mine.anchor')
            .whereRef('other.kind', '=', 'mine.kind'),
        ),
      ),
    )
    // Still held here, or of an unreadable record: nobody can say that it is not wanted.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('run_findings')
            .select('run_findings.seq')
            .where('run_findings.run_id', '=', later.id)
            .whereRef('run_findings.anchor', '=', 'mine.anchor')
            .where('run_findings.kind', 'in', ['waiting', 'skipped']),
        ),
      ),
    )
    .execute();
  return rows.map((row) => row.id);
}
