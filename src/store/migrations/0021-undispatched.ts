import { type Kysely, sql } from 'kysely';

/** What waits for the queue is looked for every second, among all that is in it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`CREATE INDEX operations_undispatched ON operations ((kind <> 'deactivate'), not_before)
    WHERE dispatched_at IS NULL AND state IN ('queued', 'running')`.execute(db);
}
