import { type Kysely, sql } from 'kysely';

/** Who is signed in to the console. By the hash of the session's id alone: what is in a table must open no door. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`CREATE TABLE sessions (
      id_hash text PRIMARY KEY,
      content jsonb NOT NULL,
      expires_at timestamptz NOT NULL
    )`,
    sql`CREATE INDEX sessions_by_end ON sessions (expires_at)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
