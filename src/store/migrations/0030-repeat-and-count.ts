import { type Kysely, sql } from 'kysely';

/** Runs by the clock whose process died are made once more; what is open or has failed is counted quickly. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE runs ADD COLUMN tick timestamptz, ADD COLUMN repeat_due boolean NOT NULL DEFAULT false`,
    // Looked for every second.
    sql`CREATE INDEX runs_to_repeat ON runs (requested_at) WHERE repeat_due`,
    sql`ALTER TABLE operations ADD COLUMN cause text`,
    // Of what failed before, nobody has taken out what is of one person alone.
    sql`UPDATE operations SET cause = message WHERE state = 'failed'`,
    // A hash, since no index takes a text of any length.
    sql`CREATE INDEX operations_failed_of ON operations (md5(coalesce(cause, '')), ended_at DESC, id)
      WHERE state = 'failed'`,
    // Counted again and again, among all that was ever done.
    sql`CREATE INDEX operations_unsettled ON operations (state, run_id)
      WHERE state IN ('planned', 'held', 'queued', 'running', 'failed')`,
    sql`CREATE INDEX runs_planned ON runs (source_id, planned_at DESC) WHERE planned_at IS NOT NULL AND only_who IS NULL`,
  ];
  for (const statement of statements) await statement.execute(db);
}
