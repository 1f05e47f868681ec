import { type Kysely, sql } from 'kysely';

/** A source may have somebody of whom nobody knows whether they are the one whose profile another source holds. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE claims ADD COLUMN is_same_person boolean NOT NULL DEFAULT true`.execute(db);
}
