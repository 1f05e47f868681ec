import { type Kysely, sql } from 'kysely';

/** Runs that read only what has changed: from where, and whom to look at again. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE runs ADD COLUMN reading text NOT NULL DEFAULT 'full' CHECK (reading IN ('full', 'delta'))`,
    sql`UPDATE runs SET summary = summary || '{"reading": "full", "fallback": null}' WHERE summary IS NOT NULL`,
    sql`CREATE TABLE cursors (
      source_id text PRIMARY KEY,
      cursor text NOT NULL,
      fingerprint text NOT NULL,
      run_id text NOT NULL,
      at timestamptz NOT NULL DEFAULT now()
    )`,
    sql`CREATE TABLE revisits (
      source_id text NOT NULL,
      anchor text NOT NULL,
      operation_id text,
      not_before timestamptz NOT NULL DEFAULT now(),
      sooner_once_moved boolean NOT NULL DEFAULT false,
      PRIMARY KEY (source_id, anchor)
    )`,
    // Set while a link's person is deleted by the source's own word.
    sql`ALTER TABLE links ADD COLUMN deleted_since timestamptz`,
  ];
  for (const statement of statements) await statement.execute(db);
}
