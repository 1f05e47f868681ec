/** Which sources tell by themselves that something has changed: their arrangements, and news that nobody has read yet. */
import { type Kysely, sql } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { RunId } from '../operations/operation.ts';
import { inMs, requestRun } from '../runs/runs.ts';
import type { Database } from '../schema.ts';

/** What is remembered of a source's arrangement; undefined where there is none. */
export async function keptArrangement(db: Kysely<Database>, source: SourceId): Promise<string | undefined> {
  const row = await db
    .selectFrom('watches')
    .select('kept')
    .where('source_id', '=', source)
    .executeTakeFirst();
  return row?.kept ?? undefined;
}

/** Sees to it that there is a place for each of these sources, due at once where it is new, and for no other one. */
export async function expectWatches(db: Kysely<Database>, sources: readonly SourceId[]): Promise<void> {
  await db.deleteFrom('watches').where(sql<boolean>`NOT (source_id = any(${sources}))`).execute();
  if (sources.length === 0) return;
  await db
    .insertInto('watches')
    .values(sources.map((source_id) => ({ source_id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Claims the sources of these whose arrangement is due, each for one process. */
export async function claimDueWatches(
  db: Kysely<Database>,
  sources: readonly SourceId[],
  claimMs: number,
): Promise<readonly { readonly source: SourceId; readonly kept: string | undefined }[]> {
  if (sources.length === 0) return [];
  const rows = await db
    .updateTable('watches')
    .set({ claimed_until: inMs(claimMs) })
    .where('source_id', 'in', sources)
    .where('due_at', '<=', sql<Date>`now()`)
    .where(({ or, eb }) => or([eb('claimed_until', 'is', null), eb('claimed_until', '<', sql<Date>`now()`)]))
    .returning(['source_id', 'kept'])
    .execute();
  return rows.map(({ source_id, kept }) => ({ source: source_id, kept: kept ?? undefined }));
}

/**
 * Notes how it stands with an arrangement, and ends the claim. Where the source has called it lost meanwhile, it stays
 * so, and due.
 *
 * @param claimed - what was remembered of it when it was claimed
 */
export async function noteArrangement(
  db: Kysely<Database>,
  source: SourceId,
  claimed: string | undefined,
  {
    kept,
    dueAt,
    trouble,
  }: { readonly kept: string | undefined; readonly dueAt: Date; readonly trouble: string | undefined },
): Promise<void> {
  await db
    .updateTable('watches')
    .set({ due_at: dueAt, kept: kept ?? null, trouble: trouble ?? null })
    .where('source_id', '=', source)
    .where('kept', 'is not distinct from', claimed ?? null)
    .execute();
  await db.updateTable('watches').set({ claimed_until: null }).where('source_id', '=', source).execute();
}

/** Which sources can't tell of changes by themselves at the moment, and why. */
export async function watchTroubles(db: Kysely<Database>): Promise<ReadonlyMap<SourceId, string>> {
  const rows = await db
    .selectFrom('watches')
    .select(['source_id', 'trouble'])
    .where('trouble', 'is not', null)
    .execute();
  return new Map(rows.flatMap(({ source_id, trouble }) => (trouble === null ? [] : [[source_id, trouble]])));
}

/** Makes an arrangement due now. @param isLost - whether it is to be made anew */
export async function makeWatchDue(db: Kysely<Database>, source: SourceId, isLost: boolean): Promise<void> {
  await db
    .updateTable('watches')
    .set({ due_at: sql<Date>`now()`, ...(isLost ? { kept: null } : {}) })
    .where('source_id', '=', source)
    .execute();
}

/** Notes that something has changed in the source. However often it is said, it is one piece of news. */
export async function noteNews(db: Kysely<Database>, source: SourceId): Promise<void> {
  await db
    .updateTable('watches')
    .set({ news_since: sql<Date>`now()` })
    .where('source_id', '=', source)
    .where('news_since', 'is', null)
    .execute();
}

/**
 * Requests a delta for each of the sources that has news, unless one waits to begin, which will see them as well. One
 * that reads already may have gone past them: another follows it.
 *
 * @param gapMs - at least so long after the last one
 */
export async function requestForNews(
  db: Kysely<Database>,
  sources: readonly SourceId[],
  gapMs: number,
): Promise<readonly { readonly source: SourceId; readonly run: RunId }[]> {
  if (sources.length === 0) return [];
  return await db.transaction().execute(async (tx) => {
    const rows = await tx
      .updateTable('watches')
      .set({ news_since: null, run_requested_at: sql<Date>`now()` })
      .where('source_id', 'in', sources)
      .where('news_since', 'is not', null)
      // News of a source in quarantine wait: it is tried at its own times.
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('quarantines')
              .select('quarantines.source_id')
              .whereRef('quarantines.source_id', '=', 'watches.source_id')
              .where('quarantines.since', 'is not', null),
          ),
        ),
      )
      .where(({ or, eb }) =>
        or([eb('run_requested_at', 'is', null), eb('run_requested_at', '<=', inMs(-gapMs))]),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('runs')
              .select('runs.id')
              .whereRef('runs.source_id', '=', 'watches.source_id')
              .where('runs.mode', '=', 'apply')
              .where('runs.only_who', 'is', null)
              .where('runs.state', '=', 'requested'),
          ),
        ),
      )
      .returning('source_id')
      .execute();
    const requested: { source: SourceId; run: RunId }[] = [];
    for (const { source_id: source } of rows) {
      const run = await requestRun(tx, {
        ...{ source, mode: 'apply', reading: 'delta', trigger: 'schedule', actor: 'notice' },
        onlyWho: undefined,
      });
      requested.push({ source, run });
    }
    return requested;
  });
}
