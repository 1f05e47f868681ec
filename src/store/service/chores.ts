/** Work that one process does at a time, however many there are: whoever has the lease. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { inMs } from '../runs/runs.ts';
import type { ChoreTable, Database } from '../schema.ts';

/** The chores by name. */
export type Chore = ChoreTable['name'];

/**
 * Takes or renews the lease.
 *
 * @param everyMs - the chore is not due before this time has passed since it was last done; 0 for one without an end
 * @returns false where another process has it, or it is not due
 */
export async function claimChore(
  db: Kysely<Database>,
  name: Chore,
  owner: string,
  leaseMs: number,
  everyMs = 0,
): Promise<boolean> {
  await db
    .insertInto('chores')
    .values({ name })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const taken = await db
    .updateTable('chores')
    .set({ lease_owner: owner, lease_until: inMs(leaseMs) })
    .where('name', '=', name)
    .where(({ or, eb }) =>
      or([
        eb('lease_owner', 'is', null),
        eb('lease_owner', '=', owner),
        eb('lease_until', '<', sql<Date>`now()`),
      ]),
    )
    .where(({ or, eb }) => or([eb('done_at', 'is', null), eb('done_at', '<=', inMs(-everyMs))]))
    .returning('name')
    .execute();
  return taken.length === 1;
}

/** Gives the lease back. @param isDone - whether the chore is done until it is due again */
export async function releaseChore(
  db: Kysely<Database>,
  name: Chore,
  owner: string,
  isDone: boolean,
): Promise<void> {
  await db
    .updateTable('chores')
    .set({ lease_owner: null, lease_until: null, ...(isDone ? { done_at: sql<Date>`now()` } : {}) })
    .where('name', '=', name)
    .where('lease_owner', '=', owner)
    .execute();
}

/** Whether the lease is still this process's, and stays so until the transaction ends. */
export async function holdsChore(tx: Transaction<Database>, name: Chore, owner: string): Promise<boolean> {
  const row = await tx
    .selectFrom('chores')
    .select('name')
    .where('name', '=', name)
    .where('lease_owner', '=', owner)
    .where('lease_until', '>', sql<Date>`now()`)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}
