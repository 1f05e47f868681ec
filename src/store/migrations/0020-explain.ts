import { type Kysely, sql } from 'kysely';

/** People are looked for by any name of theirs, whatever the case, also in a log of many years. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`DROP INDEX audit_person`,
    sql`CREATE INDEX audit_email ON audit USING hash (lower(email)) WHERE email IS NOT NULL`,
    sql`CREATE INDEX audit_anchor ON audit USING hash (anchor) WHERE anchor IS NOT NULL`,
    sql`CREATE INDEX audit_profile ON audit USING hash (profile_id) WHERE profile_id IS NOT NULL`,
  ];
  for (const statement of statements) await statement.execute(db);
}
