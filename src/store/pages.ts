/** Long lists, a page at a time. A page begins after the last row of the one before, so that what is added moves nothing. */
import { type Kysely, sql } from 'kysely';
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { RunId } from './operations/operation.ts';
import type { Operation, OperationFilter } from './operations/operations.ts';
import type { Run, RunFinding } from './runs/runs.ts';
import type { Database, FindingKind, RunState, RunTrigger } from './schema.ts';

/** One page of rows. */
export interface Page<Row, Place> {
  readonly rows: readonly Row[];
  /** Where the next page begins; undefined after the last row. */
  readonly next: Place | undefined;
}

/** Times of the store's own precision, microseconds, which no `Date` has. */
export interface RunPlace {
  readonly at: string;
  readonly id: string;
}

/** Which runs are listed: those to which all of this applies. */
export interface RunFilter {
  readonly source?: SourceId | undefined;
  readonly states?: readonly RunState[] | undefined;
  readonly mode?: Run['mode'] | undefined;
  readonly trigger?: RunTrigger | undefined;
  readonly actor?: string | undefined;
}

/** The latest first. */
export async function pageOfRuns(
  db: Kysely<Database>,
  { source, states, mode, trigger, actor }: RunFilter,
  after: RunPlace | undefined,
  limit: number,
): Promise<Page<Run, RunPlace>> {
  let query = db
    .selectFrom('runs')
    .selectAll()
    .select(sql<string>`requested_at::text`.as('exactly'))
    .orderBy('requested_at', 'desc')
    .orderBy('id')
    .limit(limit + 1);
  if (source !== undefined) query = query.where('source_id', '=', source);
  if (states !== undefined) query = query.where('state', 'in', states);
  if (mode !== undefined) query = query.where('mode', '=', mode);
  if (trigger !== undefined) query = query.where('trigger', '=', trigger);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (after !== undefined)
    query = query.where(
      sql<boolean>`(requested_at < ${after.at}::timestamptz or (requested_at = ${after.at}::timestamptz and id > ${after.id}))`,
    );
  const rows = (await query.execute()).map(({ exactly, ...row }) => ({ exactly, row }));
  return pageOf(rows, limit, ({ exactly, row }) => ({ at: exactly, id: row.id }));
}

/** Where the page after a run begins; undefined where the run is gone. */
export async function placeAfterRun(db: Kysely<Database>, run: RunId): Promise<RunPlace | undefined> {
  return await db
    .selectFrom('runs')
    .select([sql<string>`requested_at::text`.as('at'), 'id'])
    .where('id', '=', run)
    .executeTakeFirst();
}

/** The place of an operation in a list by time. */
export interface OperationPlace {
  readonly at: string;
  readonly run: string;
  readonly seq: number;
}

/** Part of a name or address, or a whole id. */
export type PageFilter<Other> = Other & { readonly who?: string | undefined };

/** In the order of their plan; those of the latest run first. */
export async function pageOfOperations(
  db: Kysely<Database>,
  { run, source, states, kinds, who }: PageFilter<Partial<OperationFilter>>,
  after: OperationPlace | undefined,
  limit: number,
): Promise<Page<Operation, OperationPlace>> {
  let query = db
    .selectFrom('operations')
    .selectAll()
    .select(sql<string>`created_at::text`.as('exactly'))
    .limit(limit + 1);
  // Of one run by its number alone: by the time, too, all of a large plan would be sorted for every page.
  query =
    run === undefined
      ? query.orderBy('created_at', 'desc').orderBy('run_id').orderBy('seq')
      : query.where('run_id', '=', run).orderBy('seq');
  if (source !== undefined) query = query.where('source_id', '=', source);
  if (states !== undefined) query = query.where('state', 'in', states);
  if (kinds !== undefined) query = query.where('kind', 'in', kinds);
  if (who !== undefined)
    query = query.where(({ or, eb }) => or([isCalled(who), eb('id', '=', who as Operation['id'])]));
  if (after !== undefined)
    query =
      run === undefined
        ? query.where(
            sql<boolean>`(created_at < ${after.at}::timestamptz or (created_at = ${after.at}::timestamptz and (run_id, seq) > (${after.run}, ${after.seq}::integer)))`,
          )
        : query.where('seq', '>', after.seq);
  const rows = (await query.execute()).map(({ exactly, ...row }) => ({ exactly, row }));
  return pageOf(rows, limit, ({ exactly, row }) => ({ at: exactly, run: row.run_id, seq: row.seq }));
}

/** In the order of the run. */
export async function pageOfFindings(
  db: Kysely<Database>,
  {
    run,
    kinds,
    who,
  }: PageFilter<{ readonly run: RunId; readonly kinds?: readonly FindingKind[] | undefined }>,
  after: number | undefined,
  limit: number,
): Promise<Page<RunFinding, number>> {
  let query = db
    .selectFrom('run_findings')
    .selectAll()
    .where('run_id', '=', run)
    .orderBy('seq')
    .limit(limit + 1);
  if (kinds !== undefined) query = query.where('kind', 'in', kinds);
  if (who !== undefined) query = query.where(isCalled(who));
  if (after !== undefined) query = query.where('seq', '>', after);
  const rows = (await query.execute()).map((row) => ({ row }));
  return pageOf(rows, limit, ({ row }) => row.seq);
}

/** By part of the address or name in any case of letters, or by the whole anchor or profile id. */
const isCalled = (who: string) =>
  sql<boolean>`(strpos(lower(coalesce(email, '')), ${who.toLowerCase()}) > 0 or strpos(lower(label), ${who.toLowerCase()}) > 0 or anchor = ${who as Anchor} or profile_id = ${who as ProfileId})`;

/** @param rows - one more than are shown, where there is one more */
function pageOf<Row, Kept extends { readonly row: Row }, Place>(
  rows: readonly Kept[],
  limit: number,
  placeOf: (kept: Kept) => Place,
): Page<Row, Place> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(({ row }) => row),
    next: rows.length > limit && last !== undefined ? placeOf(last) : undefined,
  };
}
