import { type Kysely, sql } from 'kysely';

/** Guards raised for one run by a person, all in one shape; and approval by two people. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE runs
      ADD COLUMN raised jsonb NOT NULL DEFAULT '{}',
      ADD COLUMN raise_reason text,
      ADD COLUMN approvals jsonb NOT NULL DEFAULT '[]'`,
    sql`UPDATE runs SET
      raised = jsonb_strip_nulls(jsonb_build_object('maxShrink', accept_shrink, 'maxMissing', accept_missing)),
      raise_reason = coalesce(accept_reason, missing_reason)`,
    sql`ALTER TABLE runs
      DROP COLUMN accept_shrink, DROP COLUMN accept_reason, DROP COLUMN accept_missing, DROP COLUMN missing_reason,
      ADD CHECK ((raised = '{}') = (raise_reason IS NULL))`,
    // What was released by nobody's word in the last day: every run counts it.
    sql`CREATE INDEX operations_unasked ON operations (source_id, created_at)
      WHERE hold IS NULL AND kind IN ('deactivate', 'edit', 'adopt', 'reactivate')`,
  ];
  for (const statement of statements) await statement.execute(db);
}
