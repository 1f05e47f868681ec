/** The departures: standing words that somebody has left or will leave. */
import { randomBytes } from 'node:crypto';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import { batches } from '../batches.ts';
import type { OperationState, RunId } from '../operations/operation.ts';
import type { Database, DepartureTable } from '../schema.ts';
import type { Departure, DepartureCause, DepartureId, DepartureRecord } from './departure.ts';

/** A word that was just given; nothing was done about it yet. */
export type NewDeparture = Omit<Departure, 'id'>;

/** Keeps them, in their order. @returns them as they were kept */
export async function keepDepartures(
  db: Kysely<Database>,
  departures: readonly NewDeparture[],
): Promise<readonly DepartureRecord[]> {
  const kept: DepartureRecord[] = [];
  for (const some of batches(departures, 2_000)) {
    const rows = await db.insertInto('departures').values(some.map(toRow)).returningAll().execute();
    kept.push(...rows.map(toRecord));
  }
  return kept;
}

/** What people said, in force at that time, by anchor: all of a source, or about some. Leave dates are the source's own word. */
export async function departuresInForce(
  db: Kysely<Database>,
  source: SourceId,
  now: Date,
  of?: readonly Anchor[],
): Promise<ReadonlyMap<Anchor, Departure>> {
  if (of?.length === 0) return new Map();
  let query = db
    .selectFrom('departures')
    .selectAll()
    .where('source_id', '=', source)
    .where('ended_at', 'is', null)
    .where('cause', '<>', 'leave-date')
    .where('due_at', '<=', now);
  if (of !== undefined) query = query.where(sql<boolean>`anchor = any(${of})`);
  return new Map((await query.execute()).map((row) => [row.anchor, toRecord(row)]));
}

/** What people said about one person, in force or still to come. */
export async function standingWord(
  db: Kysely<Database>,
  { source, anchor }: Pick<Departure, 'source' | 'anchor'>,
): Promise<DepartureRecord | undefined> {
  const row = await db
    .selectFrom('departures')
    .selectAll()
    .where('source_id', '=', source)
    .where('anchor', '=', anchor)
    .where('ended_at', 'is', null)
    .where('cause', '<>', 'leave-date')
    .executeTakeFirst();
  return row === undefined ? undefined : toRecord(row);
}

/** All that stand, those that come next first. */
export async function standingDepartures(
  db: Kysely<Database>,
  sources: readonly SourceId[],
): Promise<readonly DepartureRecord[]> {
  const rows = await db
    .selectFrom('departures')
    .selectAll()
    .where('ended_at', 'is', null)
    .where(sql<boolean>`source_id = any(${sources})`)
    .orderBy('due_at')
    .orderBy('anchor')
    .execute();
  return rows.map(toRecord);
}

/** Gives a word that is still to come another time, and other words. */
export async function moveDeparture(
  db: Kysely<Database>,
  id: DepartureId,
  to: Omit<Departure, 'id' | 'source' | 'anchor' | 'label' | 'email'>,
): Promise<void> {
  const { cause, eventId, actor, reason, arrivedAt, dueAt } = to;
  await db
    .updateTable('departures')
    .set({ cause, event_id: eventId ?? null, actor, reason, arrived_at: arrivedAt, due_at: dueAt })
    .where('id', '=', id)
    .execute();
}

/** Ends words that stand. */
export async function endDepartures(
  db: Kysely<Database>,
  ids: readonly DepartureId[],
  word: { readonly actor: string; readonly reason: string },
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('departures')
    .set({ ended_at: sql`now()`, ended_by: word.actor, ended_reason: word.reason })
    .where(sql<boolean>`id = any(${ids})`)
    .where('ended_at', 'is', null)
    .execute();
}

/** Ends the words of which a run was made, where it is rejected. @returns how many */
export async function endDeparturesOf(
  db: Kysely<Database>,
  run: RunId,
  word: { readonly actor: string; readonly reason: string },
): Promise<number> {
  const ended = await db
    .updateTable('departures')
    .set({ ended_at: sql`now()`, ended_by: word.actor, ended_reason: word.reason })
    .where('run_id', '=', run)
    .where('ended_at', 'is', null)
    .returning('id')
    .execute();
  return ended.length;
}

/** Takes those that are due and of which nothing was made yet, so that nobody else takes them before the transaction ends. */
export async function takeDueDepartures(
  tx: Transaction<Database>,
  source: SourceId,
  now: Date,
  limit: number,
): Promise<readonly DepartureRecord[]> {
  const rows = await tx
    .selectFrom('departures')
    .selectAll()
    .where('source_id', '=', source)
    .where('ended_at', 'is', null)
    .where('acted_at', 'is', null)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.map(toRecord);
}

/** Which sources have departures that are due and of which nothing was made yet. */
export async function sourcesWithDue(db: Kysely<Database>, now: Date): Promise<readonly SourceId[]> {
  const rows = await db
    .selectFrom('departures')
    .select('source_id')
    .distinct()
    .where('ended_at', 'is', null)
    .where('acted_at', 'is', null)
    .where('due_at', '<=', now)
    .orderBy('source_id')
    .execute();
  return rows.map((row) => row.source_id);
}

/** Notes that a word was acted on. @param run - undefined where there was nothing to do */
export async function noteActed(
  db: Kysely<Database>,
  ids: readonly DepartureId[],
  { run, isHeld }: { readonly run: RunId | undefined; readonly isHeld: boolean },
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('departures')
    .set({ acted_at: sql`clock_timestamp()`, run_id: run ?? null, is_held: isHeld })
    .where(sql<boolean>`id = any(${ids})`)
    .execute();
}

/** How many of a source were released since a time by HR and by leave dates, by nobody's approval: what the guard counts. */
export async function countReleasedSince(
  db: Kysely<Database>,
  source: SourceId,
  since: Date,
): Promise<number> {
  const row = await db
    .selectFrom('departures')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('source_id', '=', source)
    .where('cause', '<>', 'operator')
    .where('acted_at', '>', since)
    .where('run_id', 'is not', null)
    .where('is_held', '=', false)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Notes that somebody of whom it was said that they left is deactivated, by that run. */
export async function noteDeparted(
  db: Kysely<Database>,
  { source, anchor, run }: Pick<Departure, 'source' | 'anchor'> & { readonly run: RunId },
): Promise<void> {
  await db
    .updateTable('departures')
    .set({ deactivated_at: sql`clock_timestamp()`, run_id: run })
    .where('source_id', '=', source)
    .where('anchor', '=', anchor)
    .where('ended_at', 'is', null)
    .where('acted_at', 'is not', null)
    .where('deactivated_at', 'is', null)
    .execute();
}

/** Somebody who left, found to be inactive. */
export interface VerifiedDeparture {
  readonly cause: DepartureCause;
  /** Since the word came, or since its time where that was later. */
  readonly latencyMs: number;
}

/** Notes that those whom a run deactivated are inactive, by an independent word. @param active - who is not */
export async function noteDepartureVerified(
  db: Kysely<Database>,
  run: RunId,
  active: readonly Anchor[],
): Promise<readonly VerifiedDeparture[]> {
  const rows = await db
    .updateTable('departures')
    .set({ verified_at: sql`clock_timestamp()` })
    .where('run_id', '=', run)
    .where('deactivated_at', 'is not', null)
    .where('verified_at', 'is', null)
    .where(sql<boolean>`anchor <> all(${active})`)
    .returning([
      'cause',
      sql<number>`extract(epoch FROM verified_at - greatest(arrived_at, due_at))::float8`.as('seconds'),
    ])
    .execute();
  return rows.map(({ cause, seconds }) => ({ cause, latencyMs: Math.max(0, seconds * 1_000) }));
}

/** Leavers whose time has come and who are not deactivated yet, of one source. */
export interface WaitingLeavers {
  readonly source: SourceId;
  /** Whether a guard holds them until a person approves. */
  readonly isHeld: boolean;
  readonly count: number;
  /** Since when the longest of them waits: the word, or its time where that was later. */
  readonly since: Date;
}

/** Whom somebody rejected or discarded, and who was inactive already, waits no longer. */
export async function waitingLeavers(db: Kysely<Database>, now: Date): Promise<readonly WaitingLeavers[]> {
  const open: readonly OperationState[] = ['planned', 'held', 'queued', 'running', 'failed'];
  const rows = await db
    .selectFrom('departures')
    .leftJoin('operations', (join) =>
      join
        .onRef('operations.run_id', '=', 'departures.run_id')
        .onRef('operations.anchor', '=', 'departures.anchor'),
    )
    .select(({ fn }) => [
      'departures.source_id',
      sql<boolean>`coalesce(operations.state in ('planned', 'held'), false)`.as('waits_for_approval'),
      fn.countAll<string>().as('count'),
      sql<Date>`min(greatest(departures.arrived_at, departures.due_at))`.as('since'),
    ])
    .where('departures.ended_at', 'is', null)
    .where('departures.due_at', '<=', now)
    .where('departures.deactivated_at', 'is', null)
    .where(({ eb, or }) => or([eb('departures.acted_at', 'is', null), eb('operations.state', 'in', open)]))
    .groupBy(['departures.source_id', 'waits_for_approval'])
    .execute();
  return rows.map((row) => ({
    source: row.source_id,
    isHeld: row.waits_for_approval,
    count: Number(row.count),
    since: row.since,
  }));
}

/** Whether a run was made of departures. */
export async function isRunOfDepartures(db: Kysely<Database>, run: RunId): Promise<boolean> {
  const row = await db.selectFrom('departures').select('id').where('run_id', '=', run).executeTakeFirst();
  return row !== undefined;
}

const toRow = (departure: NewDeparture) => ({
  id: randomBytes(8).toString('hex') as DepartureId,
  source_id: departure.source,
  anchor: departure.anchor,
  label: departure.label,
  email: departure.email ?? null,
  cause: departure.cause,
  event_id: departure.eventId ?? null,
  actor: departure.actor,
  reason: departure.reason,
  arrived_at: departure.arrivedAt,
  due_at: departure.dueAt,
});

function toRecord(row: Selectable<DepartureTable>): DepartureRecord {
  return {
    id: row.id,
    source: row.source_id,
    anchor: row.anchor,
    label: row.label,
    email: row.email ?? undefined,
    cause: row.cause,
    eventId: row.event_id ?? undefined,
    actor: row.actor,
    reason: row.reason,
    arrivedAt: row.arrived_at,
    dueAt: row.due_at,
    actedAt: row.acted_at ?? undefined,
    run: row.run_id ?? undefined,
    isHeld: row.is_held,
    deactivatedAt: row.deactivated_at ?? undefined,
    verifiedAt: row.verified_at ?? undefined,
  };
}
