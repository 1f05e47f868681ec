import { type Kysely, sql } from 'kysely';

/** What links come to in 64 bits, once that is worked out, and quicker counts for deltas. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`CREATE TABLE link_prints (
      source_id text NOT NULL,
      anchor text NOT NULL,
      of_content bigint NOT NULL,
      low bigint NOT NULL,
      high bigint NOT NULL,
      PRIMARY KEY (source_id, anchor),
      FOREIGN KEY (source_id, anchor) REFERENCES links ON DELETE CASCADE
    )`,
    sql`CREATE INDEX links_active ON links (source_id) WHERE profile_id IS NOT NULL AND deactivated_by IS NULL`,
    sql`CREATE INDEX links_unkept ON links (source_id) WHERE unkept <> '{}'`,
  ];
  for (const statement of statements) await statement.execute(db);
}
