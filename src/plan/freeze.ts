/** Stores a plan: from here on, what was shown is what is applied. */
import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { appendAudit } from '../audit/index.ts';
import type { Anchor } from '../identity/identity.ts';
import { isSameValue, type ProposedOperation, type Reconciliation } from '../reconcile/index.ts';
import {
  noteAbsent,
  noteDeactivatedBy,
  noteDeleted,
  noteGone,
  resolveLink,
  unkeptOf,
} from '../store/links.ts';
import type { OperationId, OperationKind } from '../store/operation.ts';
import {
  inMotionSince,
  keepOperations,
  moveOperations,
  type Operation,
  operations,
  releasedByDeltas,
  undecidedCreations,
  undecidedInvitations,
} from '../store/operations.ts';
import { lockReleases } from '../store/releases.ts';
import type { Ruling } from '../store/ruling.ts';
import { rulings } from '../store/rulings.ts';
import { inMs, keepFindings, keepSummary, type NamedFinding, type Run } from '../store/runs.ts';
import type { Database, RunSummary } from '../store/schema.ts';
import { keepTrustedReading } from '../store/trusted-readings.ts';
import { type GuardLimits, guard, isHeldBy } from './guard.ts';
import { keepPlace } from './keep-place.ts';
import { PlanError } from './plan-error.ts';
import type { Reconciled } from './reconciled.ts';
import { holdsUnsaved, type Unsaved } from './save-before.ts';

export interface PlanMaterial extends Omit<Reconciled, 'listed'> {
  /** Why the whole source was read where a delta was asked for. */
  readonly fallback: string | undefined;
  /** Of everything that decides what a change means. */
  readonly fingerprint: string;
  /** When the reading began: what was done to somebody after it is not yet in the picture. */
  readonly readingSince: Date;
  /** What holds a large change, where the org was not saved before it. */
  readonly unsaved?: Unsaved | undefined;
}

/**
 * Freezes a plan in one transaction. In `apply` mode joins and updates are released at once, while held removals wait;
 * in `plan` mode nothing is released until somebody approves.
 *
 * @throws {PlanError} where the run was taken for abandoned meanwhile
 */
export async function freezePlan(
  db: Kysely<Database>,
  run: Run,
  material: PlanMaterial,
  limits: GuardLimits & { readonly planExpiryMs: number },
  now: Date,
): Promise<RunSummary> {
  return await db.transaction().execute(async (tx) => {
    await lockReleases(tx, run.source_id);
    await requireReading(tx, run);
    const { reconciliation } = material;
    const applies = run.mode === 'apply';
    const inMotion = await inMotionSince(tx, run.source_id, material.readingSince);
    if (applies) await keepObservations(tx, run, material, inMotion, now);
    if (applies && run.only_who === null && material.trusted !== undefined)
      await keepTrustedReading(tx, run.source_id, run.id, material.trusted);

    const undecided = await undecidedInvitations(tx, run.source_id);
    const overruled = await overruledSince(tx, run, material.rulings);
    const isUndecided = ({ kind, anchor }: ProposedOperation): boolean =>
      kind === 'invite' && undecided.has(anchor);
    const creations = await undecidedCreations(tx, run.source_id);
    const elsewhere = (one: ProposedOperation) => creationElsewhere(one, creations);
    const settled = reconciliation.operations.filter(
      (operation) =>
        !inMotion.has(operation.anchor) &&
        !(operation.releases !== undefined && inMotion.has(operation.releases)) &&
        !overruled.has(operation.anchor) &&
        !isUndecided(operation) &&
        elsewhere(operation) === undefined,
    );
    const { fresh, stillHeld, heldOfOthers } = applies
      ? await withoutThoseHeld(tx, run, settled, material.lookedAt, new Set(reconciliation.silentOn))
      : { fresh: settled, stillHeld: [], heldOfOthers: [] };
    // Who is held already counts too, and what deltas did before this one: a source that goes bad little by little must
    // not get past the guard.
    const before = material.reading === 'delta' ? await releasedByDeltas(tx, run.source_id) : [];
    const guarded = guard(
      [...fresh, ...stillHeld, ...heldOfOthers, ...before],
      reconciliation.counts.linkedActive,
      limits,
    ).filter((hold) => fresh.some((operation) => operation.kind === hold.kind));

    const released = fresh.filter((operation) => isHeldBy(guarded, operation.kind) === undefined);
    const { unsaved, profiles } = material;
    const holds = [
      ...guarded,
      ...(applies && unsaved !== undefined ? holdsUnsaved(released, profiles, unsaved) : []),
    ];

    const planned = await keepOperations(
      tx,
      [...fresh].sort(inPlanOrder).map((proposed, index) => {
        const hold = isHeldBy(holds, proposed.kind);
        const state = applies ? (hold === undefined ? 'queued' : 'held') : 'planned';
        return {
          run: run.id,
          seq: index + 1,
          source: run.source_id,
          state,
          hold: hold?.guard,
          proposed,
        } as const;
      }),
    );
    const late = [
      ...stillHeld.map(alreadyHeld),
      ...underWay(reconciliation, inMotion),
      ...reconciliation.operations.filter(({ anchor }) => overruled.has(anchor)).map(spokenOf),
      ...reconciliation.operations.filter(isUndecided).map((one) => perhapsInvited(one, undecided)),
      ...reconciliation.operations.flatMap((one) => elsewhere(one) ?? []),
    ];
    const findings = [...material.skipped, ...reconciliation.findings, ...late];
    await keepFindings(tx, run.id, findings);
    if (applies && run.only_who === null)
      await keepPlace(tx, run, material, [...planned, ...stillHeld], late, now);

    const summary = {
      ...summaryOf(material, fresh, findings, holds),
      unkept: await unkeptOf(tx, run.source_id),
    };
    await keepSummary(tx, run.id, summary);
    await settle(tx, run, applies, fresh, holds.length > 0, limits.planExpiryMs);
    await appendAudit(
      tx,
      [
        {
          actor: run.actor,
          action: 'run.planned',
          run: run.id,
          source: run.source_id,
          reason: run.accept_reason ?? run.missing_reason ?? undefined,
          details: { mode: run.mode, acceptMissing: run.accept_missing ?? undefined, ...summary },
        },
      ],
      now,
    );
    return summary;
  });
}

/** @throws {PlanError} where the run was called failed meanwhile: what it has read is old, and a newer run may be at work */
async function requireReading(tx: Transaction<Database>, run: Run): Promise<void> {
  const reading = await tx
    .selectFrom('runs')
    .select('id')
    .where('id', '=', run.id)
    .where('state', '=', 'reading')
    .forUpdate()
    .executeTakeFirst();
  if (reading === undefined) {
    throw new PlanError(
      `Run ${run.id} was taken for abandoned while it was still reading, since its process had not been heard of for a minute. Nothing was planned; start a new run.`,
    );
  }
}

/** What was learnt of the source and the org, whatever becomes of the plan. */
async function keepObservations(
  tx: Transaction<Database>,
  run: Run,
  { reconciliation, deleted, gone, reappeared }: PlanMaterial,
  inMotion: ReadonlySet<Anchor>,
  now: Date,
): Promise<void> {
  await noteGone(tx, run.source_id, gone, now);
  await noteGone(tx, run.source_id, reappeared, null);
  for (const resolved of reconciliation.resolved) await resolveLink(tx, run.source_id, resolved);
  await noteAbsent(tx, run.source_id, reconciliation.returned, null);
  await noteAbsent(tx, run.source_id, reconciliation.newlyAbsent, now);
  await noteDeleted(tx, run.source_id, [...deleted, ...reconciliation.newlyDeleted], now);
  for (const anchor of reconciliation.unblockedByOthers) {
    // One who was deactivated while the org was read is listed as active still.
    if (inMotion.has(anchor)) continue;
    await noteDeactivatedBy(tx, { source: run.source_id, anchor }, null);
  }
}

interface Unheld {
  readonly fresh: readonly ProposedOperation[];
  readonly stillHeld: readonly Operation[];
  /** Of people whom this run is not about. */
  readonly heldOfOthers: readonly Operation[];
}

/**
 * An operation that an earlier plan holds already stays there, so that its plan's id stays good for approval. One that
 * is no longer wanted, or differently, is superseded; but not for people whom the run has not looked at, and a removal not
 * by a reading that can't speak of it.
 */
async function withoutThoseHeld(
  tx: Transaction<Database>,
  run: Run,
  proposed: readonly ProposedOperation[],
  lookedAt: PlanMaterial['lookedAt'],
  silentOn: ReadonlySet<Anchor>,
): Promise<Unheld> {
  const waiting = await operations(tx, { source: run.source_id, states: ['held', 'planned'] });
  const isAbout = run.reading === 'delta' && lookedAt !== 'everybody' ? new Set(lookedAt) : undefined;
  const ofThese = ({ anchor }: Operation): boolean => isAbout?.has(anchor) ?? true;
  const everyHeld = waiting.filter(({ state }) => state === 'held');
  // A dry run is left as it was shown, but nobody who came back is deleted on the word of an old one.
  const purges = waiting.filter((one) => one.state === 'planned' && one.kind === 'purge' && ofThese(one));
  if (everyHeld.length + purges.length === 0 || run.only_who !== null)
    return { fresh: proposed, stillHeld: [], heldOfOthers: [] };
  const held = everyHeld.filter(ofThese);
  const heldOfOthers = everyHeld.filter((one) => !ofThese(one));

  const wanted = new Map(proposed.map((operation) => [operation.anchor, operation]));
  const stands = (operation: Operation): boolean => {
    const same = wanted.get(operation.anchor);
    if (same !== undefined) return isSameOperation(operation, same);
    const isRemoval = operation.kind === 'deactivate' || operation.kind === 'purge';
    return isRemoval && silentOn.has(operation.anchor);
  };
  const stillHeld = held.filter(stands);
  const overtaken = [...held, ...purges].filter((operation) => !stands(operation)).map(({ id }) => id);
  if (overtaken.length > 0) {
    await moveOperations(
      tx,
      { ids: overtaken },
      'superseded',
      `Reality has overtaken it: run ${run.id} no longer wants it.`,
    );
  }
  const keptPeople = new Set(stillHeld.map((operation) => operation.anchor));
  return {
    fresh: proposed.filter((operation) => !keptPeople.has(operation.anchor)),
    stillHeld,
    heldOfOthers,
  };
}

const isSameOperation = (held: Operation, proposed: ProposedOperation): boolean =>
  held.kind === proposed.kind &&
  held.profile_id === (proposed.profileId ?? null) &&
  isSameValue('after', held.after, proposed.after);

const alreadyHeld = (operation: Operation): NamedFinding => ({
  kind: 'waiting',
  anchor: operation.anchor,
  label: operation.label,
  email: operation.email ?? undefined,
  reason: `Their ${operation.kind} is held in plan ${operation.run_id} and waits for approval there.`,
});

/** Of whom an operator has spoken, or taken a word back, while the run was reading. */
async function overruledSince(
  tx: Transaction<Database>,
  run: Run,
  before: readonly Ruling[],
): Promise<ReadonlySet<Anchor>> {
  // A ruling waits for the plan, or the plan for the ruling: neither can miss the other.
  await sql`LOCK TABLE rulings IN SHARE MODE`.execute(tx);
  const known = new Map(before.map((ruling) => [ruling.anchor, ruling.at.getTime()]));
  const present = await rulings(tx, run.source_id);
  const fresh = present.filter((ruling) => known.get(ruling.anchor) !== ruling.at.getTime());
  const still = new Set(present.map((ruling) => ruling.anchor));
  const gone = before.filter((ruling) => !still.has(ruling.anchor));
  return new Set([...fresh, ...gone].map((ruling) => ruling.anchor));
}

const spokenOf = ({ anchor, label, email }: ProposedOperation): NamedFinding => ({
  kind: 'waiting',
  anchor,
  label,
  email,
  reason: 'An operator spoke of them while the run was reading. The next run follows that.',
});

const perhapsInvited = (
  { anchor, label, email }: ProposedOperation,
  undecided: ReadonlyMap<Anchor, OperationId>,
): NamedFinding => ({
  kind: 'waiting',
  anchor,
  label,
  email,
  reason: `Whether they were invited is not known: the answer to ${undecided.get(anchor)} was lost. Ask them; \`rollcall retry\` with that id sends an invitation (again).`,
});

/**
 * Somebody whose creation may have happened unheard, and whose address has changed since: nothing in the org shows that the
 * profile under the old address would be theirs, and a second account is worse than a late one.
 */
function creationElsewhere(
  { kind, anchor, label, email }: ProposedOperation,
  undecided: Awaited<ReturnType<typeof undecidedCreations>>,
): NamedFinding | undefined {
  const earlier = undecided.get(anchor);
  if (kind !== 'create' || earlier === undefined || isSameValue('email', earlier.email ?? '', email ?? ''))
    return undefined;
  return {
    kind: 'waiting',
    anchor,
    label,
    email,
    reason: `Whether they got an account under ${earlier.email} is not known: the answer to ${earlier.id} was lost. \`rollcall retry ${earlier.id}\` looks for it, and the next run gives it the new address.`,
  };
}

const underWay = (reconciliation: Reconciliation, inMotion: ReadonlySet<Anchor>): readonly NamedFinding[] =>
  reconciliation.operations
    .filter((operation) => inMotion.has(operation.anchor))
    .map(({ anchor, label, email }) => ({
      kind: 'waiting',
      anchor,
      label,
      email,
      reason:
        'An operation for them is still under way, or ended while this run was reading. The next run looks at them again.',
    }));

/** What takes something away first, as a reader would look for it. */
const order: Readonly<Record<OperationKind, number>> = {
  purge: 0,
  deactivate: 1,
  reactivate: 2,
  edit: 3,
  adopt: 4,
  create: 5,
  invite: 6,
};

const inPlanOrder = (one: ProposedOperation, other: ProposedOperation): number =>
  order[one.kind] - order[other.kind] ||
  (one.email ?? one.label).localeCompare(other.email ?? other.label, 'en');

function summaryOf(
  { reconciliation, profiles, incomplete, skipped, reading, fallback }: PlanMaterial,
  fresh: readonly ProposedOperation[],
  findings: readonly NamedFinding[],
  holds: RunSummary['holds'],
): RunSummary {
  const counted: Partial<Record<OperationKind, number>> = {};
  for (const operation of fresh) counted[operation.kind] = (counted[operation.kind] ?? 0) + 1;
  return {
    identities: reconciliation.counts.identities + skipped.length,
    inScope: reconciliation.counts.inScope,
    skipped: findings.filter((finding) => finding.kind === 'skipped').length,
    conflicts: findings.filter((finding) => finding.kind === 'conflict').length,
    profiles,
    linkedActive: reconciliation.counts.linkedActive,
    unchanged: reconciliation.counts.unchanged,
    operations: counted,
    incomplete: incomplete ?? null,
    reading,
    fallback: fallback ?? null,
    holds,
  };
}

async function settle(
  tx: Transaction<Database>,
  run: Run,
  applies: boolean,
  fresh: readonly ProposedOperation[],
  someHeld: boolean,
  expiryMs: number,
): Promise<void> {
  const state = fresh.length === 0 ? 'done' : applies ? 'executing' : 'planned';
  const waits = state === 'planned' || someHeld;
  await tx
    .updateTable('runs')
    .set({
      state,
      planned_at: sql`now()`,
      lease_owner: null,
      lease_until: null,
      expires_at: waits ? inMs(expiryMs) : null,
      ended_at: state === 'done' ? sql`now()` : null,
    })
    .where('id', '=', run.id)
    .execute();
}
