import { type Kysely, sql } from 'kysely';

/** Runs by the clock whose process died are made once more. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE runs ADD COLUMN tick timestamptz, ADD COLUMN repeat_due boolean NOT NULL DEFAULT false`,
    // Looked for every second.
    sql`CREATE INDEX runs_to_repeat ON runs (requested_at) WHERE repeat_due`,
  ];
  for (const statement of statements) await statement.execute(db);
}
