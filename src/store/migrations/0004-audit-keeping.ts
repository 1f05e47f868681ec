import { type Kysely, sql } from 'kysely';

/** What of the audit log is archived, verified and streamed, and who does the work that one process does alone. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    // The log begins after this entry; those up to it are in archives.
    sql`CREATE TABLE audit_checkpoint (
      is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
      seq bigint NOT NULL,
      hash text NOT NULL
    )`,
    sql`INSERT INTO audit_checkpoint (seq, hash) VALUES (0, '')`,
    sql`CREATE TABLE audit_verified (
      is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
      seq bigint NOT NULL,
      hash text NOT NULL,
      at timestamptz,
      broken_at bigint,
      broken_sentence text,
      broken_since timestamptz,
      CHECK ((broken_at IS NULL) = (broken_sentence IS NULL) AND (broken_at IS NULL) = (broken_since IS NULL))
    )`,
    sql`INSERT INTO audit_verified (seq, hash) VALUES (0, '')`,
    sql`CREATE TABLE audit_stream (
      is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
      seq bigint NOT NULL
    )`,
    sql`INSERT INTO audit_stream (seq) VALUES (0)`,
    sql`CREATE TABLE chores (
      name text PRIMARY KEY,
      lease_owner text,
      lease_until timestamptz,
      done_at timestamptz
    )`,
    sql`CREATE INDEX operations_ended ON operations (ended_at) WHERE ended_at IS NOT NULL`,
    sql`CREATE INDEX operations_person ON operations (source_id, anchor)`,
    sql`CREATE INDEX audit_at ON audit (at)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
