/** From where on each source's changes are to be read next, and whom to look at again whatever has changed. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Cursor } from '../../../connectors/connector.ts';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import { batches } from '../batches.ts';
import type { OperationId, RunId } from '../operations/operation.ts';
import type { CursorTable, Database } from '../schema.ts';

/** A cursor, and by which run and rules it was kept. */
export type KeptCursor = Selectable<CursorTable>;

/** The source's cursor; undefined where it was never read whole. */
export async function cursorOf(db: Kysely<Database>, source: SourceId): Promise<KeptCursor | undefined> {
  return await db.selectFrom('cursors').selectAll().where('source_id', '=', source).executeTakeFirst();
}

/** Keeps the cursor in place of the one before. */
export async function keepCursor(
  db: Kysely<Database>,
  kept: {
    readonly source: SourceId;
    readonly cursor: Cursor;
    readonly fingerprint: string;
    readonly run: RunId;
  },
): Promise<void> {
  const row = { cursor: kept.cursor, fingerprint: kept.fingerprint, run_id: kept.run, at: sql<Date>`now()` };
  await db
    .insertInto('cursors')
    .values({ source_id: kept.source, ...row })
    .onConflict((conflict) => conflict.column('source_id').doUpdateSet(row))
    .execute();
}

/** Somebody to be looked at again in a later delta. */
export interface KeptRevisit {
  readonly anchor: Anchor;
  /** Settled once this operation is done. */
  readonly operation?: OperationId | undefined;
  /** Not before this time; undefined for the next one. */
  readonly notBefore?: Date | undefined;
  /** Whether it is to be sooner where something was done in the org meanwhile. */
  readonly soonerOnceMoved?: boolean | undefined;
}

/**
 * Keeps whom to look at again, in place of what was kept about the people whom a run has looked at.
 *
 * @param lookedAt - whom the run has looked at
 */
export async function keepRevisits(
  db: Kysely<Database>,
  source: SourceId,
  lookedAt: 'everybody' | readonly Anchor[],
  revisits: readonly KeptRevisit[],
): Promise<void> {
  const all = db.deleteFrom('revisits').where('source_id', '=', source);
  if (lookedAt === 'everybody') await all.execute();
  else if (lookedAt.length > 0) await all.where(sql<boolean>`anchor = any(${lookedAt})`).execute();
  await addRevisits(db, source, revisits);
}

/** Adds to those to be looked at again; of somebody who is among them already, the latest reason counts. */
export async function addRevisits(
  db: Kysely<Database>,
  source: SourceId,
  revisits: readonly KeptRevisit[],
): Promise<void> {
  const rows = revisits.map(({ anchor, operation, notBefore, soonerOnceMoved }) => ({
    source_id: source,
    anchor,
    operation_id: operation ?? null,
    not_before: notBefore ?? sql<Date>`now()`,
    sooner_once_moved: soonerOnceMoved ?? false,
  }));
  for (const some of batches(rows, 10_000))
    await db
      .insertInto('revisits')
      .values([...some])
      .onConflict((conflict) =>
        conflict.columns(['source_id', 'anchor']).doUpdateSet(({ ref }) => ({
          operation_id: ref('excluded.operation_id'),
          not_before: ref('excluded.not_before'),
          sooner_once_moved: ref('excluded.sooner_once_moved'),
        })),
      )
      .execute();
}

/** Adds everybody for whom a run has planned something: what becomes of that is their reason to be looked at again. */
export async function revisitAfter(db: Kysely<Database>, run: RunId): Promise<void> {
  await sql`
    INSERT INTO revisits (source_id, anchor, operation_id, not_before, sooner_once_moved)
    SELECT source_id, anchor, id, now(), false FROM operations WHERE run_id = ${run}
    ON CONFLICT (source_id, anchor) DO UPDATE SET
      operation_id = excluded.operation_id,
      not_before = excluded.not_before,
      sooner_once_moved = excluded.sooner_once_moved`.execute(db);
}

/** What failed is tried again no sooner, however often deltas come. */
const failedRestMs = 3_600_000;

/**
 * Whom to look at again now. Whose operation is done is settled, and one that is held or under way needs no other look.
 * What a person rejected or discarded, or let expire, is for the next whole reading to propose again; what failed waits
 * for an hour.
 */
export async function dueRevisits(
  db: Kysely<Database>,
  source: SourceId,
  now: Date,
): Promise<readonly Anchor[]> {
  const rows = await db
    .selectFrom('revisits')
    .leftJoin('operations', 'operations.id', 'revisits.operation_id')
    .select('revisits.anchor')
    .where('revisits.source_id', '=', source)
    .where(({ or, and, eb, exists, selectFrom }) =>
      or([
        eb('revisits.not_before', '<=', now),
        and([
          eb('revisits.sooner_once_moved', '=', true),
          exists(
            selectFrom('operations as moved')
              .innerJoin('cursors', 'cursors.source_id', 'revisits.source_id')
              .select('moved.id')
              .where('moved.state', '=', 'done')
              .whereRef('moved.ended_at', '>=', 'cursors.at'),
          ),
        ]),
      ]),
    )
    .where(({ or, and, eb }) =>
      or([
        eb('operations.id', 'is', null),
        eb('operations.state', '=', 'superseded'),
        and([
          eb('operations.state', '=', 'failed'),
          eb('operations.ended_at', '<=', new Date(now.getTime() - failedRestMs)),
        ]),
      ]),
    )
    .orderBy('revisits.anchor')
    .execute();
  return rows.map(({ anchor }) => anchor);
}
