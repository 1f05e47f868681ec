import { type Kysely, sql } from 'kysely';

/** What conflicts are about, what operators say to them, and how often somebody was invited. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE run_findings
      ADD COLUMN conflict text CHECK (conflict IS NULL OR kind = 'conflict'),
      ADD COLUMN profile_id text`,
    sql`CREATE TABLE rulings (
      source_id text NOT NULL,
      anchor text NOT NULL,
      kind text NOT NULL CHECK (kind IN ('adopt', 'ignore')),
      profile_id text CHECK ((kind = 'adopt') = (profile_id IS NOT NULL)),
      label text NOT NULL,
      email text,
      actor text NOT NULL,
      reason text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (source_id, anchor)
    )`,
    sql`CREATE UNIQUE INDEX rulings_profile ON rulings (profile_id) WHERE profile_id IS NOT NULL`,
    // Whose tie to the profile ends when this adoption is carried out.
    sql`ALTER TABLE operations ADD COLUMN releases text`,
    sql`ALTER TABLE links
      ADD COLUMN invitations integer NOT NULL DEFAULT 0,
      ADD COLUMN invited_at timestamptz`,
    sql`UPDATE links SET invitations = 1, invited_at = created_at WHERE origin = 'invited'`,
  ];
  for (const statement of statements) await statement.execute(db);
}
