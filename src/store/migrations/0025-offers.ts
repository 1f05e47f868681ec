import { type Kysely, sql } from 'kysely';

/** What a source tells of somebody whose profile another one holds: of some attributes it may have the first say. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE claims ADD COLUMN offers jsonb NOT NULL DEFAULT '{}'`.execute(db);
}
