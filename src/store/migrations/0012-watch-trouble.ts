import { type Kysely, sql } from 'kysely';

/** Why a source that is to tell of changes by itself does not. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE watches ADD COLUMN trouble text`.execute(db);
}
