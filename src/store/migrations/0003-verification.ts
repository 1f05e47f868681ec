import { type Kysely, sql } from 'kysely';

/** That a run's deactivations are confirmed by an independent word, once. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE runs
      ADD COLUMN verify_due boolean NOT NULL DEFAULT false,
      ADD COLUMN verify_until timestamptz,
      ADD COLUMN verified_at timestamptz`,
    sql`CREATE INDEX runs_verify_due ON runs (id) WHERE verify_due`,
    sql`ALTER TABLE run_findings DROP CONSTRAINT run_findings_kind_check`,
    sql`ALTER TABLE run_findings ADD CONSTRAINT run_findings_kind_check
      CHECK (kind IN ('skipped', 'conflict', 'waiting', 'left', 'unconfirmed'))`,
  ];
  for (const statement of statements) await statement.execute(db);
}
