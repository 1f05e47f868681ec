/** Sources that keep failing or can't be trusted: counted, put into quarantine, and let out again. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import { inMs } from '../runs/runs.ts';
import type { Database, QuarantineTable, ReadingMode } from '../schema.ts';

/** A source's quarantine. */
export interface Quarantine {
  readonly source: SourceId;
  readonly since: Date;
  /** What was wrong with the last reading. */
  readonly reason: string;
  /** When it is tried again by itself. */
  readonly nextTryAt: Date | undefined;
}

const toQuarantine = (row: Selectable<QuarantineTable> | undefined): Quarantine | undefined =>
  row === undefined || row.since === null || row.reason === null
    ? undefined
    : {
        source: row.source_id,
        since: row.since,
        reason: row.reason,
        nextTryAt: row.next_try_at ?? undefined,
      };

/** The source's quarantine; undefined where it is in none. */
export async function quarantineOf(db: Kysely<Database>, source: SourceId): Promise<Quarantine | undefined> {
  const row = await db
    .selectFrom('quarantines')
    .selectAll()
    .where('source_id', '=', source)
    .executeTakeFirst();
  return toQuarantine(row);
}

/** All that are in force, by source. */
export async function quarantines(db: Kysely<Database>): Promise<ReadonlyMap<SourceId, Quarantine>> {
  const rows = await db.selectFrom('quarantines').selectAll().where('since', 'is not', null).execute();
  return new Map(
    rows.flatMap((row) => {
      const quarantine = toQuarantine(row);
      return quarantine === undefined ? [] : [[row.source_id, quarantine] as const];
    }),
  );
}

/** When a source goes into quarantine, and how often it is tried there. Times are in milliseconds. */
export interface QuarantineRule {
  /** Failed readings of one kind in a row. */
  readonly after: number;
  /** How long after the first one it is tried again; twice as long each time. */
  readonly firstTry: number;
  readonly lastTry: number;
}

/** @returns whether the source is in quarantine since this reading */
export async function countFailedReading(
  db: Kysely<Database>,
  source: SourceId,
  reading: ReadingMode,
  reason: string,
  { after, firstTry, lastTry }: QuarantineRule,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('quarantines')
      .values({ source_id: source })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const row = await tx
      .selectFrom('quarantines')
      .selectAll()
      .where('source_id', '=', source)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const wholes = row.failed_wholes + (reading === 'full' ? 1 : 0);
    const deltas = row.failed_deltas + (reading === 'delta' ? 1 : 0);
    const isIn = row.since !== null || Math.max(wholes, deltas) >= after;
    const waitMs = Math.min(lastTry, firstTry * 2 ** Math.min(row.tries, 30));
    await tx
      .updateTable('quarantines')
      .set({
        failed_wholes: wholes,
        failed_deltas: deltas,
        ...(isIn
          ? {
              reason,
              since: sql`coalesce(since, now())`,
              tries: row.tries + 1,
              next_try_at: inMs(waitMs),
            }
          : {}),
      })
      .where('source_id', '=', source)
      .execute();
    return isIn && row.since === null;
  });
}

/** A good delta says nothing of whole readings; a good whole reading says all. @returns the quarantine that it ends */
export async function countGoodReading(
  db: Kysely<Database>,
  source: SourceId,
  reading: ReadingMode,
): Promise<Quarantine | undefined> {
  if (reading === 'full') return await endQuarantine(db, source);
  await db.updateTable('quarantines').set({ failed_deltas: 0 }).where('source_id', '=', source).execute();
  return undefined;
}

/** Lets a source out, and forgets its failures. @returns what it was in for; undefined where it was not in quarantine */
export async function endQuarantine(db: Kysely<Database>, source: SourceId): Promise<Quarantine | undefined> {
  const row = await db
    .deleteFrom('quarantines')
    .where('source_id', '=', source)
    .returningAll()
    .executeTakeFirst();
  return toQuarantine(row);
}

/** Takes the tries that are due, each for one scheduler; whoever takes one and dies leaves it due again after an hour. */
export async function takeDueTries(
  db: Kysely<Database>,
  sources: readonly SourceId[],
): Promise<readonly SourceId[]> {
  if (sources.length === 0) return [];
  const rows = await db
    .updateTable('quarantines')
    .set({ next_try_at: inMs(3_600_000) })
    .where('source_id', 'in', sources)
    .where('since', 'is not', null)
    .where('next_try_at', '<=', sql<Date>`now()`)
    .returning('source_id')
    .execute();
  return rows.map(({ source_id }) => source_id);
}
