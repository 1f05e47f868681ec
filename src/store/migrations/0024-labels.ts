import { type Kysely, sql } from 'kysely';

/** People are named as their source names the record, too, such as by a user principal name. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`CREATE INDEX links_by_label ON links USING hash (lower(label))`.execute(db);
}
