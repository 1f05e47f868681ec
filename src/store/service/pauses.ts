/** Whether anything may be carried out: the operator's emergency brake, for everything or one source, and that of a refused key. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import { inForce } from '../operations/in-hands.ts';
import type { Database, PauseTable } from '../schema.ts';

/** A pause that is in force. */
export interface Pause {
  /** Undefined where it is about everything. */
  readonly source: SourceId | undefined;
  readonly reason: string;
  /** Who paused it; undefined for a key that the profile API refuses. */
  readonly actor: string | undefined;
  readonly since: Date;
  /** When it ends by itself. */
  readonly until: Date | undefined;
  /** Whether whom HR or an operator says to have left is deactivated all the same. */
  readonly leavers: 'go' | 'wait';
}

const toPause = (row: Selectable<PauseTable>): Pause => ({
  source: row.source_id ?? undefined,
  reason: row.reason,
  actor: row.actor ?? undefined,
  since: row.since,
  until: row.until_at ?? undefined,
  leavers: row.leavers,
});

const keyName = 'execution';
const nameOf = (source: SourceId | undefined): string => (source === undefined ? 'all' : `source ${source}`);

/** Stops all execution, since the profile API refuses the key. The first reason stays. @returns whether this call did it */
export async function pauseExecution(db: Kysely<Database>, reason: string): Promise<boolean> {
  const rows = await db
    .insertInto('pauses')
    .values({ name: keyName, reason })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('name')
    .execute();
  return rows.length === 1;
}

/** Of a refused key, and of nothing else. @returns whether there was a pause to lift */
export async function liftPause(db: Kysely<Database>): Promise<boolean> {
  const rows = await db.deleteFrom('pauses').where('name', '=', keyName).returning('name').execute();
  return rows.length === 1;
}

/** Keeps a person's word that everything, or a source, is paused. One that stands already gets these terms. */
export async function keepPause(
  db: Kysely<Database>,
  pause: Omit<Pause, 'actor' | 'since'> & { readonly actor: string },
): Promise<void> {
  const { source, reason, actor, until, leavers } = pause;
  const terms = { reason, actor, until_at: until ?? null, leavers };
  await db
    .insertInto('pauses')
    .values({ name: nameOf(source), source_id: source ?? null, ...terms })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(terms))
    .execute();
}

/** Ends a pause by a person's word. @returns undefined where there is none */
export async function endPause(
  db: Kysely<Database>,
  source: SourceId | undefined,
): Promise<Pause | undefined> {
  const row = await db
    .deleteFrom('pauses')
    .where('name', '=', nameOf(source))
    .returningAll()
    .executeTakeFirst();
  return row && toPause(row);
}

/** Takes away pauses whose time is over: each for one caller alone. */
export async function endOverduePauses(db: Kysely<Database>): Promise<readonly Pause[]> {
  const rows = await db
    .deleteFrom('pauses')
    .where('until_at', '<=', sql<Date>`now()`)
    .returningAll()
    .execute();
  return rows.map(toPause);
}

/** All that are in force; those about everything come first, a refused key before a person's word. */
export async function pauses(db: Kysely<Database>): Promise<readonly Pause[]> {
  const rows = await db
    .selectFrom('pauses')
    .selectAll()
    .where(inForce)
    .orderBy(sql`actor IS NOT NULL`)
    .orderBy(sql`source_id IS NOT NULL`)
    .orderBy('name')
    .execute();
  return rows.map(toPause);
}

/** That of a refused key; undefined where the key is accepted, whoever else has paused anything. */
export async function pauseOfKey(db: Kysely<Database>): Promise<Pause | undefined> {
  return (await pauses(db)).find(({ actor }) => actor === undefined);
}

/** Sources of which no run is to be requested or made. */
export async function pausedSources(db: Kysely<Database>): Promise<ReadonlySet<SourceId>> {
  return new Set((await pauses(db)).flatMap(({ source }) => (source === undefined ? [] : [source])));
}
