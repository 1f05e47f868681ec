import { type Kysely, sql } from 'kysely';

/** A profile passes from one source to another: each has to know what the other one said last. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE links ADD COLUMN left_since timestamptz`,
    sql`ALTER TABLE operations ADD COLUMN releases_source text`,
    sql`CREATE TABLE claims (
      source_id text NOT NULL,
      anchor text NOT NULL,
      label text NOT NULL,
      profile_id text NOT NULL,
      at timestamptz NOT NULL,
      PRIMARY KEY (source_id, anchor)
    )`,
    sql`CREATE INDEX claims_profile ON claims (profile_id)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
