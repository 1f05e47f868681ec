/** Whether anything may be carried out: the operator's emergency brake, and that of a refused key. */
import type { Kysely } from 'kysely';
import { forgetDispatch } from './dispatch.ts';
import type { Database } from './schema.ts';

export interface Pause {
  readonly reason: string;
  readonly since: Date;
}

/** Stops all execution. The first reason stays. @returns whether this call did it */
export async function pauseExecution(db: Kysely<Database>, reason: string): Promise<boolean> {
  const rows = await db
    .insertInto('pauses')
    .values({ name: 'execution', reason })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('name')
    .execute();
  return rows.length === 1;
}

/** @returns whether there was a pause to lift */
export async function liftPause(db: Kysely<Database>): Promise<boolean> {
  const rows = await db.deleteFrom('pauses').where('name', '=', 'execution').returning('name').execute();
  if (rows.length === 0) return false;
  // Jobs that came up during the pause were dropped.
  await forgetDispatch(db, 0);
  return true;
}

export async function currentPause(db: Kysely<Database>): Promise<Pause | undefined> {
  return await db.selectFrom('pauses').select(['reason', 'since']).executeTakeFirst();
}
