import { type Kysely, sql } from 'kysely';

/** Which creations were tried as rows of a file. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE operations ADD COLUMN bulk_at timestamptz`.execute(db);
}
