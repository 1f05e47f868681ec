/** Makes a run of departures whose time has come: directly from the links, without a reading of the source or the org. */
import { sql, type Transaction } from 'kysely';
import { appendAudit } from '../audit/index.ts';
import type { SourceId } from '../identity/index.ts';
import { reasonOfDeparture } from '../reconcile/index.ts';
import type { DepartureRecord } from '../store/departures/departure.ts';
import { countReleasedSince, noteActed } from '../store/departures/departures.ts';
import type { OperationId, RunId } from '../store/operations/operation.ts';
import { keepOperations, type Operation } from '../store/operations/operations.ts';
import { supersedeUnsent } from '../store/operations/supersede.ts';
import type { Link } from '../store/people/link.ts';
import { countActive, linkOf } from '../store/people/links.ts';
import { inMs, keepSummary, requestRun } from '../store/runs/runs.ts';
import type { Database, HoldReason, RunTrigger } from '../store/schema.ts';
import { type DayLimits, guardDay } from './guard.ts';

const dayMs = 24 * 3_600_000;

/** What was done about a departure whose time has come. */
export type Released =
  | { readonly kind: 'released'; readonly run: RunId; readonly wasInactive: boolean }
  | { readonly kind: 'held'; readonly run: RunId; readonly sentence: string }
  /** Another operation for them is under way: it is done right after that. */
  | { readonly kind: 'waits'; readonly operation: OperationId }
  /** There is nothing to be deactivated: no tie, or nobody has accepted yet. */
  | { readonly kind: 'no-profile' };

export interface ReleaseLimits extends DayLimits {
  /** Of a run that is held, in milliseconds. */
  readonly planExpiry: number;
}

export interface ReleasedRun {
  readonly outcomes: ReadonlyMap<DepartureRecord['id'], Released>;
  /** Operations that can go into the queue. */
  readonly queued: readonly OperationId[];
}

type Ready = { readonly departure: DepartureRecord; readonly link: Link };

/**
 * Makes one run of departures of one source, which are due, and of one kind: an operator's word, or HR's and leave dates'.
 * The caller holds the lock on the source's releases.
 */
export async function release(
  tx: Transaction<Database>,
  source: SourceId,
  departures: readonly DepartureRecord[],
  limits: ReleaseLimits,
  now: Date,
): Promise<ReleasedRun> {
  const outcomes = new Map<DepartureRecord['id'], Released>();
  const ready: Ready[] = [];
  const nothing: DepartureRecord['id'][] = [];
  for (const departure of departures) {
    const link = await linkOf(tx, source, departure.anchor);
    if (link?.profileId === undefined) {
      nothing.push(departure.id);
      outcomes.set(departure.id, { kind: 'no-profile' });
      continue;
    }
    await supersedeUnsent(tx, departure, `They left: ${reasonOfDeparture(departure)}`);
    const open = await underWay(tx, departure);
    if (open === undefined) ready.push({ departure, link });
    else if (open.kind !== 'deactivate') outcomes.set(departure.id, { kind: 'waits', operation: open.id });
    else {
      await noteActed(tx, [departure.id], { run: open.run_id, isHeld: false });
      outcomes.set(departure.id, { kind: 'released', run: open.run_id, wasInactive: false });
    }
  }
  await noteActed(tx, nothing, { run: undefined, isHeld: false });
  const [first] = ready;
  if (first === undefined) return { outcomes, queued: [] };

  const hold = await holdOf(tx, source, ready, limits, now);
  const run = await keepRun(tx, source, ready, hold, limits.planExpiry, now);
  const ids = ready.map(({ departure }) => departure.id);
  await noteActed(tx, ids, { run: run.id, isHeld: hold !== undefined });
  for (const { departure, link } of ready)
    outcomes.set(
      departure.id,
      hold === undefined
        ? { kind: 'released', run: run.id, wasInactive: link.deactivatedByUs }
        : { kind: 'held', run: run.id, sentence: hold.sentence },
    );
  return { outcomes, queued: hold === undefined ? run.operations : [] };
}

/** What is in a worker's hands for somebody, or may have had its effect unheard. */
async function underWay(
  tx: Transaction<Database>,
  { source, anchor }: Pick<DepartureRecord, 'source' | 'anchor'>,
): Promise<Pick<Operation, 'id' | 'kind' | 'run_id'> | undefined> {
  return await tx
    .selectFrom('operations')
    .select(['id', 'kind', 'run_id'])
    .where('source_id', '=', source)
    .where('anchor', '=', anchor)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
}

/** One by hand is a person's own word, which no guard holds. */
async function holdOf(
  tx: Transaction<Database>,
  source: SourceId,
  ready: readonly Ready[],
  limits: ReleaseLimits,
  now: Date,
): Promise<HoldReason | undefined> {
  const counted = ready.filter(
    ({ departure, link }) => departure.cause !== 'operator' && !link.deactivatedByUs,
  );
  const released = await countReleasedSince(tx, source, new Date(now.getTime() - dayMs));
  return guardDay(counted.length, { released, active: await countActive(tx, source) }, limits);
}

async function keepRun(
  tx: Transaction<Database>,
  source: SourceId,
  ready: readonly Ready[],
  hold: HoldReason | undefined,
  expiryMs: number,
  now: Date,
): Promise<{ readonly id: RunId; readonly operations: readonly OperationId[] }> {
  const [first, ...others] = ready;
  const { actor, cause } = first?.departure ?? { actor: 'rollcall', cause: 'operator' };
  const name = first === undefined ? '' : (first.link.email ?? first.link.label);
  const onlyWho = others.length === 0 ? name : `${ready.length} people who left`;
  const id = await requestRun(tx, { source, mode: 'apply', trigger: triggers[cause], actor, onlyWho });
  const kept = await keepOperations(
    tx,
    ready.map(({ departure, link }, index) => ({
      run: id,
      seq: index + 1,
      source,
      state: hold === undefined ? 'queued' : 'held',
      hold: hold?.guard,
      proposed: deactivation(departure, link),
    })),
  );
  if (hold !== undefined) await keepSummary(tx, id, heldSummary(hold));
  await tx
    .updateTable('runs')
    .set({
      state: hold === undefined ? 'executing' : 'held',
      started_at: sql`now()`,
      planned_at: sql`now()`,
      expires_at: hold === undefined ? null : inMs(expiryMs),
    })
    .where('id', '=', id)
    .execute();
  const details = { departures: ready.length, cause, holds: hold === undefined ? [] : [hold] };
  const entry = { actor, action: 'run.planned', run: id, source, reason: first?.departure.reason } as const;
  await appendAudit(tx, [{ ...entry, details }], now);
  return { id, operations: kept.map((operation) => operation.id) };
}

const triggers: Readonly<Record<DepartureRecord['cause'], RunTrigger>> = {
  operator: 'hand',
  'hr-event': 'hr',
  'hr-file': 'hr',
  'leave-date': 'leave-date',
};

const deactivation = (departure: DepartureRecord, link: Link) => ({
  kind: 'deactivate' as const,
  anchor: link.anchor,
  profileId: link.profileId,
  email: link.email,
  label: link.label,
  reason: reasonOfDeparture(departure),
  before: { is_active: true },
  after: { is_active: false },
  desired: link.applied,
});

/** Nothing was read for it: all that it has to tell is why it is held. */
const heldSummary = (hold: HoldReason) => ({
  identities: 0,
  inScope: 0,
  skipped: 0,
  conflicts: 0,
  profiles: 0,
  linkedActive: 0,
  unchanged: 0,
  operations: { deactivate: hold.count },
  incomplete: null,
  reading: 'delta' as const,
  fallback: null,
  holds: [hold],
});
