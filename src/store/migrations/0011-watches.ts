import { type Kysely, sql } from 'kysely';

/** Sources that tell by themselves that something has changed. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`CREATE TABLE watches (
    source_id text PRIMARY KEY,
    kept text,
    due_at timestamptz NOT NULL DEFAULT now(),
    claimed_until timestamptz,
    news_since timestamptz,
    run_requested_at timestamptz
  )`.execute(db);
}
