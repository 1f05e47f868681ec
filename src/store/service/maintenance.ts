/** Whether a maintenance window is in force, as far as it was audited: so that one process alone tells of it. */
import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** @returns whether this call was the first to note it */
export async function beginMaintenance(db: Kysely<Database>, since: Date): Promise<boolean> {
  const rows = await db
    .insertInto('maintenance')
    .values({ since })
    .onConflict((conflict) => conflict.doNothing())
    .returning('since')
    .execute();
  return rows.length === 1;
}

/** @returns since when it was in force; undefined where none was, or another process has noted its end */
export async function endMaintenance(db: Kysely<Database>): Promise<Date | undefined> {
  const row = await db.deleteFrom('maintenance').returning('since').executeTakeFirst();
  return row?.since;
}
