import { type Kysely, sql } from 'kysely';

/**
 * What the API needs: dry runs that a service makes, pages of a plan, and what was answered under an idempotency key.
 * `answer` is null while the first request with the key is at work, which it is by `leased_until`.
 */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE runs ADD COLUMN left_to_service boolean NOT NULL DEFAULT false`,
    sql`CREATE TABLE api_answers (
      actor text NOT NULL,
      key text NOT NULL,
      digest text NOT NULL,
      leased_until timestamptz NOT NULL,
      answer jsonb,
      kept_until timestamptz NOT NULL,
      PRIMARY KEY (actor, key)
    )`,
    // A page of a large plan is read in its order, and not sorted out of all of it.
    sql`CREATE INDEX operations_in_order ON operations (run_id, seq)`,
    sql`CREATE INDEX api_answers_by_end ON api_answers (kept_until)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
