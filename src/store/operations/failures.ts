/** Failed operations, by what they failed of: 100,000 of them are counted in the store, and a page is read. */
import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { Portion } from '../runs/plan-pages.ts';
import type { Database } from '../schema.ts';
import type { OperationId, OperationKind, RunId } from './operation.ts';
import type { Operation } from './operations.ts';

/** What many have failed of. */
export interface FailureGroup {
  /** Names the cause in addresses and forms, whatever is in its sentence. */
  readonly key: string;
  /** Empty where no reason was noted. */
  readonly cause: string;
  readonly count: number;
  readonly kinds: ReadonlyMap<OperationKind, number>;
  readonly sources: readonly SourceId[];
  readonly lastAt: Date | undefined;
}

// Spelled as the index of migration 0030 is, or it would not be used.
const keyOfCause = sql<string>`md5(coalesce(cause, ''))`;

const isOf =
  (key: string) =>
  ({ and, eb }: ExpressionBuilder<Database, 'operations'>) =>
    and([eb('state', '=', 'failed'), sql<boolean>`${keyOfCause} = ${key}`]);

/** The causes of most failures, the most frequent first, and how many operations and causes there are in all. */
export async function failureGroups(
  db: Kysely<Database>,
  limit: number,
): Promise<{ readonly groups: readonly FailureGroup[]; readonly failed: number; readonly causes: number }> {
  const { rows } = await sql<{ key: string; failed: string; causes: string }>`
    SELECT key, sum(count) OVER () AS failed, count(*) OVER () AS causes
    FROM (SELECT ${keyOfCause} AS key, count(*) AS count FROM operations WHERE state = 'failed' GROUP BY 1) AS grouped
    ORDER BY count DESC, key LIMIT ${limit}`.execute(db);
  const groups = await Promise.all(rows.map(({ key }) => failureGroup(db, key)));
  return {
    groups: groups.filter((group) => group !== undefined),
    failed: Number(rows[0]?.failed ?? 0),
    causes: Number(rows[0]?.causes ?? 0),
  };
}

/** Undefined where nothing has failed of it any more. */
export async function failureGroup(db: Kysely<Database>, key: string): Promise<FailureGroup | undefined> {
  const rows = await db
    .selectFrom('operations')
    .select(({ fn }) => ['kind', 'source_id', fn.countAll<string>().as('count')])
    .select(({ fn }) => [fn.max('ended_at').as('last_at'), fn.min('cause').as('cause')])
    .where(isOf(key))
    .groupBy(['kind', 'source_id'])
    .orderBy('kind')
    .orderBy('source_id')
    .execute();
  const [first] = rows;
  if (first === undefined) return undefined;
  const kinds = new Map<OperationKind, number>();
  for (const { kind, count } of rows) kinds.set(kind, (kinds.get(kind) ?? 0) + Number(count));
  const times = rows.flatMap(({ last_at }) => last_at?.getTime() ?? []);
  return {
    key,
    cause: first.cause ?? '',
    count: rows.reduce((sum, { count }) => sum + Number(count), 0),
    kinds,
    sources: [...new Set(rows.map(({ source_id }) => source_id))].sort(),
    lastAt: times.length === 0 ? undefined : new Date(Math.max(...times)),
  };
}

/** Some of those that failed of a cause, the latest first. */
export async function failuresOf(
  db: Kysely<Database>,
  key: string,
  { offset, limit }: Portion,
): Promise<readonly Operation[]> {
  return await db
    .selectFrom('operations')
    .selectAll()
    .where(isOf(key))
    // By the expression as well, since it is the index's first: else all of the cause would be sorted.
    .orderBy(keyOfCause)
    .orderBy('ended_at', 'desc')
    .orderBy('id')
    .offset(offset)
    .limit(limit)
    .execute();
}

/** Which failures are meant: those to which all of this applies. */
export interface FailureFilter {
  readonly ids?: readonly OperationId[] | undefined;
  readonly run?: RunId | undefined;
  readonly source?: SourceId | undefined;
  readonly kind?: OperationKind | undefined;
  /** The key of a {@link FailureGroup}. */
  readonly cause?: string | undefined;
  /** Part of what it failed of, in any case of letters. */
  readonly saying?: string | undefined;
}

/** In the order of their plan; those of the latest run first. */
export async function failures(
  db: Kysely<Database>,
  { ids, run, source, kind, cause, saying }: FailureFilter,
): Promise<readonly Operation[]> {
  let query = db.selectFrom('operations').selectAll().where('state', '=', 'failed');
  if (ids !== undefined) query = query.where(sql<boolean>`id = any(${ids})`);
  if (run !== undefined) query = query.where('run_id', '=', run);
  if (source !== undefined) query = query.where('source_id', '=', source);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (cause !== undefined) query = query.where(isOf(cause));
  if (saying !== undefined) query = query.where(sql<boolean>`strpos(lower(message), lower(${saying})) > 0`);
  return await query.orderBy('created_at', 'desc').orderBy('run_id').orderBy('seq').execute();
}

/** The ids of the latest ones: what somebody who has mistyped an id may have meant. */
export async function latestFailed(db: Kysely<Database>, limit: number): Promise<readonly OperationId[]> {
  const rows = await db
    .selectFrom('operations')
    .select('id')
    .where('state', '=', 'failed')
    .orderBy('ended_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
