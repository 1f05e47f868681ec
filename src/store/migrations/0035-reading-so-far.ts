import { type Kysely, sql } from 'kysely';

/** How far a reading is, for whoever watches from another process. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE runs ADD COLUMN identities_read integer, ADD COLUMN profiles_read integer`.execute(
    db,
  );
}
