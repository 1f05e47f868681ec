import { type Kysely, sql } from 'kysely';

/** A person's word that many linked profiles were deleted in the org, and which ones a run then found to be gone. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE runs
      ADD COLUMN accept_missing integer,
      ADD COLUMN missing_reason text,
      ADD CHECK ((accept_missing IS NULL) = (missing_reason IS NULL))`,
    sql`ALTER TABLE links ADD COLUMN gone_since timestamptz`,
  ];
  for (const statement of statements) await statement.execute(db);
}
