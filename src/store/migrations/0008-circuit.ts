import { type Kysely, sql } from 'kysely';

/** How each process has met the profile API. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE services ADD COLUMN circuit jsonb`.execute(db);
}
