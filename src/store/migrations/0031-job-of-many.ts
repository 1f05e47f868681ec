import { type Kysely, sql } from 'kysely';

/** The id of the job that an operation was put into the queue as: many creations share one. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE operations ADD COLUMN dispatched_as text`.execute(db);
}
