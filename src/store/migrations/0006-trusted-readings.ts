import { type Kysely, sql } from 'kysely';

/** Who was there in the last reading that could be trusted, and a person's word that fewer are right in one run. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`CREATE TABLE trusted_readings (
      source_id text PRIMARY KEY,
      run_id text NOT NULL,
      at timestamptz NOT NULL,
      branches jsonb NOT NULL
    )`,
    sql`ALTER TABLE runs
      ADD COLUMN accept_shrink integer CHECK (accept_shrink > 0),
      ADD COLUMN accept_reason text,
      ADD CHECK ((accept_shrink IS NULL) = (accept_reason IS NULL))`,
  ];
  for (const statement of statements) await statement.execute(db);
}
