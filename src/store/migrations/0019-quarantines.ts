import { type Kysely, sql } from 'kysely';

/** How often in a row a source could not be read or trusted, and since when it is in quarantine for that. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`CREATE TABLE quarantines (
    source_id text PRIMARY KEY,
    failed_wholes integer NOT NULL DEFAULT 0,
    failed_deltas integer NOT NULL DEFAULT 0,
    reason text,
    since timestamptz,
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    CHECK ((since IS NULL) = (reason IS NULL))
  )`.execute(db);
}
