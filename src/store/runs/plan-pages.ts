/**
 * A run's operations and findings in portions: a plan for 10,000 people is shown as quickly as one for ten.
 *
 * The console's pages have numbers, so that people can go to the last one and be told how many there are; a plan is frozen,
 * so that a number stays where it is. `pages.ts` goes on after the last row instead: for programs, over lists that grow.
 */
import { type Kysely, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { OperationKind, OperationState, RunId } from '../operations/operation.ts';
import type { Operation } from '../operations/operations.ts';
import type { Database, FindingKind } from '../schema.ts';
import type { RunFinding } from './runs.ts';

/** Which operations of a plan are shown: those to which all of this applies. */
export interface PlanFilter {
  readonly kind?: OperationKind | undefined;
  readonly state?: OperationState | undefined;
  /** Part of an e-mail address, a name, an id, a reason or of what it ended with, in any case of letters. */
  readonly text?: string | undefined;
}

/** Which part of a list is wanted. */
export interface Portion {
  readonly offset: number;
  readonly limit: number;
}

/** A page by its number. */
export interface NumberedPage<Item> {
  readonly items: readonly Item[];
  /** How many there are in all. */
  readonly total: number;
}

/** In the order of the plan. */
export async function operationsPage(
  db: Kysely<Database>,
  run: RunId,
  filter: PlanFilter,
  { offset, limit }: Portion,
): Promise<NumberedPage<Operation>> {
  const matching = () => filtered(db.selectFrom('operations').where('run_id', '=', run), filter);
  const { total } = await matching()
    .select(({ fn }) => fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow();
  const items = await matching().selectAll().orderBy('seq').offset(offset).limit(limit).execute();
  return { items, total: Number(total) };
}

function filtered<Selected>(
  query: SelectQueryBuilder<Database, 'operations', Selected>,
  { kind, state, text }: PlanFilter,
): SelectQueryBuilder<Database, 'operations', Selected> {
  let narrowed = query;
  if (kind !== undefined) narrowed = narrowed.where('kind', '=', kind);
  if (state !== undefined) narrowed = narrowed.where('state', '=', state);
  if (text !== undefined && text !== '')
    narrowed = narrowed.where(
      sql<SqlBool>`strpos(lower(concat_ws(' ', email, label, anchor, profile_id, reason, message)), lower(${text})) > 0`,
    );
  return narrowed;
}

/** What a plan comes to: how many operations of a kind are in a state, and how many of them a guard held. */
export interface PlanCount {
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly count: number;
  readonly held: number;
}

/** How many operations of each kind and state a plan has. */
export async function planCounts(db: Kysely<Database>, run: RunId): Promise<readonly PlanCount[]> {
  const rows = await db
    .selectFrom('operations')
    .select(({ fn }) => [
      'kind',
      'state',
      fn.countAll<string>().as('count'),
      fn.count<string>('hold').as('held'),
    ])
    .where('run_id', '=', run)
    .groupBy(['kind', 'state'])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count), held: Number(row.held) }));
}

/** Findings of one kind, those in conflict by what they are about. */
export async function findingsPage(
  db: Kysely<Database>,
  run: RunId,
  kind: FindingKind,
  { offset, limit }: Portion,
): Promise<NumberedPage<RunFinding>> {
  const ofKind = db.selectFrom('run_findings').where('run_id', '=', run).where('kind', '=', kind);
  const { total } = await ofKind
    .select(({ fn }) => fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow();
  const items = await ofKind
    .selectAll()
    .orderBy('conflict')
    .orderBy('seq')
    .offset(offset)
    .limit(limit)
    .execute();
  return { items, total: Number(total) };
}

/** How many findings of each kind a run has. */
export async function findingCounts(
  db: Kysely<Database>,
  run: RunId,
): Promise<ReadonlyMap<FindingKind, number>> {
  const rows = await db
    .selectFrom('run_findings')
    .select(({ fn }) => ['kind', fn.countAll<string>().as('count')])
    .where('run_id', '=', run)
    .groupBy('kind')
    .execute();
  return new Map(rows.map((row) => [row.kind, Number(row.count)]));
}
