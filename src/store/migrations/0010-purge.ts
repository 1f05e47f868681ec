import { type Kysely, sql } from 'kysely';

/** Profiles can be deleted, a time after they were deactivated. Of those before now, the time begins now. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE links ADD COLUMN deactivated_at timestamptz`,
    sql`UPDATE links SET deactivated_at = now() WHERE deactivated_by IS NOT NULL`,
    sql`ALTER TABLE operations DROP CONSTRAINT operations_kind_check`,
    sql`ALTER TABLE operations ADD CONSTRAINT operations_kind_check
      CHECK (kind IN ('create', 'invite', 'adopt', 'edit', 'deactivate', 'reactivate', 'purge'))`,
  ];
  for (const statement of statements) await statement.execute(db);
}
