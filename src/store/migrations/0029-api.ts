import { type Kysely, sql } from 'kysely';

/**
 * What the API needs: dry runs that a service makes, and what was answered under an idempotency key. `answer` is null while
 * the first request with the key is at work, which it is by `leased_until`.
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
    sql`CREATE INDEX api_answers_by_end ON api_answers (kept_until)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
