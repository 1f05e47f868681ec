/** Operations: frozen, found, counted, and moved from one state to another by people and plans. */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import { batches } from '../batches.ts';
import { jsonRows } from '../json-rows.ts';
import type { Database, OperationTable } from '../schema.ts';
import type { OperationId, OperationKind, OperationState, RunId } from './operation.ts';
import { lockReleases } from './releases.ts';

/** An operation as it is stored. */
export type Operation = Selectable<OperationTable>;

/** An operation as a plan has it frozen. */
export interface OperationToKeep {
  readonly run: RunId;
  readonly seq: number;
  readonly source: SourceId;
  readonly state: Extract<OperationState, 'planned' | 'held' | 'queued'>;
  readonly hold: string | undefined;
  /** The number that is kept for the invitation that follows it. */
  readonly inviteSeq?: number | undefined;
  /** The creation that it follows. */
  readonly follows?: OperationId | undefined;
  readonly proposed: Pick<
    Operation,
    'kind' | 'anchor' | 'label' | 'reason' | 'before' | 'after' | 'desired'
  > & {
    readonly profileId: Operation['profile_id'] | undefined;
    readonly email: string | undefined;
    readonly employeeNumber?: string | undefined;
    readonly isExempt?: boolean | undefined;
    readonly releases?: Anchor | undefined;
    readonly releasesSource?: SourceId | undefined;
  };
}

/** @returns each operation's id, and whose it is */
export async function keepOperations(
  db: Kysely<Database>,
  operations: readonly OperationToKeep[],
): Promise<readonly Pick<Operation, 'id' | 'anchor'>[]> {
  await storeOperations(db, operations);
  return operations.map((operation) => ({ id: idOf(operation), anchor: operation.proposed.anchor }));
}

/** Stores operations as they come: of a first load, everybody's at once would take more memory than all else. */
export async function storeOperations(
  db: Kysely<Database>,
  operations: Iterable<OperationToKeep>,
): Promise<void> {
  for (const some of batches(operations, keptAtOnce))
    await sql`INSERT INTO operations ${jsonRows('operations', some.map(toRow))}`.execute(db);
}

const keptAtOnce = 2_000;

const idOf = ({ run, seq }: OperationToKeep): OperationId => `${run}.${seq}` as OperationId;

const toRow = (operation: OperationToKeep) => {
  const { run, seq, source, state, hold, inviteSeq, follows, proposed } = operation;
  return {
    id: idOf(operation),
    run_id: run,
    seq,
    source_id: source,
    anchor: proposed.anchor,
    profile_id: proposed.profileId ?? null,
    kind: proposed.kind,
    state,
    email: proposed.email ?? null,
    label: proposed.label,
    employee_number: proposed.employeeNumber ?? null,
    exempt: proposed.isExempt ?? false,
    reason: proposed.reason,
    hold: hold ?? null,
    before: proposed.before,
    after: proposed.after,
    desired: proposed.desired,
    releases: proposed.releases ?? null,
    releases_source: proposed.releasesSource ?? null,
    invite_seq: inviteSeq ?? null,
    follows: follows ?? null,
  } satisfies Partial<Operation>;
};

/** Which operations are meant: those to which all of this applies. */
export interface OperationFilter {
  readonly run?: RunId;
  readonly source?: SourceId;
  readonly states?: readonly OperationState[];
  readonly kinds?: readonly OperationKind[];
}

/** Operations in the order of their plan; those of the latest run first. */
export async function operations(
  db: Kysely<Database>,
  filter: OperationFilter,
  limit?: number,
): Promise<readonly Operation[]> {
  let query = db.selectFrom('operations').selectAll();
  query =
    filter.run === undefined
      ? query.orderBy('created_at', 'desc').orderBy('run_id').orderBy('seq')
      : query.where('run_id', '=', filter.run).orderBy('seq');
  if (filter.source !== undefined) query = query.where('source_id', '=', filter.source);
  if (filter.states !== undefined) query = query.where('state', 'in', filter.states);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', filter.kinds);
  if (limit !== undefined) query = query.limit(limit);
  return await query.execute();
}

/** The operation of that id. */
export async function operationOf(db: Kysely<Database>, id: OperationId): Promise<Operation | undefined> {
  return await db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What waits for somebody's word or is under way for one person, the latest first. */
export async function openOperationsOf(
  db: Kysely<Database>,
  source: SourceId,
  anchor: Anchor,
): Promise<readonly Operation[]> {
  return await db
    .selectFrom('operations')
    .selectAll()
    .where('source_id', '=', source)
    .where('anchor', '=', anchor)
    .where('state', 'in', ['planned', 'held', 'queued', 'running'])
    .orderBy('created_at', 'desc')
    .execute();
}

/** How many of a run's operations are in which state. */
export async function countByState(
  db: Kysely<Database>,
  run: RunId,
): Promise<ReadonlyMap<OperationState, number>> {
  const rows = await db
    .selectFrom('operations')
    .select(({ fn }) => ['state', fn.countAll<string>().as('count')])
    .where('run_id', '=', run)
    .groupBy('state')
    .execute();
  return new Map(rows.map((row) => [row.state, Number(row.count)]));
}

/** Whether a run has an operation in one of these states. */
export async function isAnyIn(
  db: Kysely<Database>,
  run: RunId,
  states: readonly OperationState[],
): Promise<boolean> {
  const any = await db
    .selectFrom('operations')
    .select('id')
    .where('run_id', '=', run)
    .where('state', 'in', states)
    .limit(1)
    .executeTakeFirst();
  return any !== undefined;
}

/** Those for whom something is already under way or was done since: a plan made meanwhile must not count on its picture of them. */
export async function inMotionSince(
  db: Kysely<Database>,
  source: SourceId,
  since: Date,
): Promise<ReadonlySet<Anchor>> {
  const rows = await db
    .selectFrom('operations')
    .select('anchor')
    .distinct()
    .where('source_id', '=', source)
    .where(({ or, eb }) => or([eb('state', 'in', ['queued', 'running']), eb('ended_at', '>=', since)]))
    .execute();
  return new Set(rows.map((row) => row.anchor));
}

/** Failed invitations of which nobody knows whether they were sent: their people wait until a person has decided. */
export async function undecidedInvitations(
  db: Kysely<Database>,
  source: SourceId,
): Promise<ReadonlyMap<Anchor, OperationId>> {
  const rows = await db
    .selectFrom('operations')
    .select(['anchor', 'id'])
    .where('source_id', '=', source)
    .where('kind', '=', 'invite')
    .where('state', '=', 'failed')
    .where('intent_at', 'is not', null)
    .execute();
  return new Map(rows.map(({ anchor, id }) => [anchor, id]));
}

/** Failed creations that may have made a profile all the same: under which address, and by which operation. */
export async function undecidedCreations(
  db: Kysely<Database>,
  source: SourceId,
): Promise<ReadonlyMap<Anchor, { readonly id: OperationId; readonly email: string | null }>> {
  const rows = await db
    .selectFrom('operations')
    .select(['anchor', 'id', 'email'])
    .where('source_id', '=', source)
    .where('kind', '=', 'create')
    .where('state', '=', 'failed')
    .where('intent_at', 'is not', null)
    .orderBy('created_at')
    .execute();
  return new Map(rows.map(({ anchor, id, email }) => [anchor, { id, email }]));
}

/** Moves operations from one state to another; the ids of those that moved. */
export async function moveOperations(
  db: Kysely<Database>,
  filter: OperationFilter & { readonly ids?: readonly OperationId[] },
  to: Exclude<OperationState, 'running'>,
  message: string | undefined,
): Promise<readonly OperationId[]> {
  const isEnd = to !== 'queued' && to !== 'held' && to !== 'planned';
  let query = db
    .updateTable('operations')
    .set({
      state: to,
      ...(message === undefined ? {} : { message }),
      ended_at: isEnd ? sql`now()` : null,
      ...(to === 'queued' ? { not_before: sql`now()`, dispatched_at: null } : {}),
    })
    .returning('id');
  if (filter.ids !== undefined) query = query.where(sql<boolean>`id = any(${filter.ids})`);
  if (filter.run !== undefined) query = query.where('run_id', '=', filter.run);
  if (filter.source !== undefined) query = query.where('source_id', '=', filter.source);
  if (filter.states !== undefined) query = query.where('state', 'in', filter.states);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', filter.kinds);
  const rows = await query.execute();
  return rows.map((row) => row.id);
}

/**
 * Gives failed operations their tries again. What may have happened is still looked for first, except for invitations:
 * there a person has decided that one is to be sent. Somebody for whom another operation is open is passed over.
 */
export async function retryFailed(
  tx: Transaction<Database>,
  filter: OperationFilter & { readonly ids?: readonly OperationId[] },
): Promise<readonly Operation[]> {
  for (const source of await sourcesOfFailed(tx)) await lockReleases(tx, source);
  const retried = await retryNow(tx, filter);
  await reopenRuns(tx, [...new Set(retried.map((operation) => operation.run_id))]);
  return retried;
}

/** In order, so that two who lock several don't wait for each other. */
async function sourcesOfFailed(db: Kysely<Database>): Promise<readonly SourceId[]> {
  const rows = await db
    .selectFrom('operations')
    .select('source_id')
    .distinct()
    .where('state', '=', 'failed')
    .orderBy('source_id')
    .execute();
  return rows.map((row) => row.source_id);
}

async function retryNow(
  db: Kysely<Database>,
  filter: OperationFilter & { readonly ids?: readonly OperationId[] },
): Promise<readonly Operation[]> {
  let query = db
    .updateTable('operations')
    .set({
      state: 'queued',
      attempts: 0,
      not_before: sql`now()`,
      dispatched_at: null,
      ended_at: null,
      intent_at: sql`case when kind = 'invite' then null else intent_at end`,
    })
    .where('state', '=', 'failed')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('operations as other')
            .select('other.id')
            .whereRef('other.source_id', '=', 'operations.source_id')
            .whereRef('other.anchor', '=', 'operations.anchor')
            .whereRef('other.id', '<>', 'operations.id')
            .where(({ or, eb }) =>
              or([
                eb('other.state', 'in', ['queued', 'running']),
                eb('other.created_at', '>', eb.ref('operations.created_at')),
              ]),
            ),
        ),
      ),
    )
    .returningAll();
  if (filter.ids !== undefined) query = query.where(sql<boolean>`id = any(${filter.ids})`);
  if (filter.run !== undefined) query = query.where('run_id', '=', filter.run);
  if (filter.source !== undefined) query = query.where('source_id', '=', filter.source);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', filter.kinds);
  return await query.execute();
}

/** A run with something to do again is under way again, for whoever waits for its end. */
async function reopenRuns(db: Kysely<Database>, ids: readonly RunId[]): Promise<void> {
  await db
    .updateTable('runs')
    .set({ state: 'executing', ended_at: null })
    .where(sql<boolean>`id = any(${ids})`)
    .where('state', 'in', ['done', 'held'])
    .execute();
}
