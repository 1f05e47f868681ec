/** Stores a plan: from here on, what was shown is what is applied. */
import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { appendAudit } from '../../audit/index.ts';
import { keepLeaveDates } from '../../store/departures/leave-dates.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import { inMotionSince, storeOperations } from '../../store/operations/operations.ts';
import { releasedUnasked } from '../../store/operations/released-unasked.ts';
import { lockReleases } from '../../store/operations/releases.ts';
import { unkeptOf } from '../../store/people/links.ts';
import { inMs, keepFindings, type Run } from '../../store/runs/runs.ts';
import type { Database, RunSummary } from '../../store/schema.ts';
import { keepTrustedReading } from '../../store/sources/trusted-readings.ts';
import { holdsUnsaved } from '../backup/save-before.ts';
import { guard, isHeldBy } from '../guards/guard.ts';
import type { GuardLimits } from '../guards/guarded.ts';
import { PlanError } from '../plan-error.ts';
import { keepPlace } from '../reading/keep-place.ts';
import { alreadyHeld, withoutThoseHeld } from './held-before.ts';
import { keepObservations } from './observations.ts';
import type { PlanMaterial } from './plan-material.ts';
import { inPlanOrder } from './plan-order.ts';
import { summaryOf } from './summary.ts';
import { withoutUnsettled } from './unsettled.ts';

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
  limits: GuardLimits & { readonly planExpiry: number },
  now: Date,
): Promise<RunSummary> {
  return await db.transaction().execute(async (tx) => {
    await lockReleases(tx, run.source_id);
    const { reconciliation, newcomers } = material;
    const applies = run.mode === 'apply';
    const inMotion = await inMotionSince(tx, run.source_id, material.readingSince);
    if (applies) {
      await keepObservations(tx, run, material, inMotion, now);
      await keepLeaveDates(tx, run.source_id, reconciliation.leaveDates, now);
    }
    if (applies && run.only_who === null && material.trusted !== undefined)
      await keepTrustedReading(tx, run.source_id, run.id, material.trusted);

    const { settled, findings: left } = await withoutUnsettled(tx, run, material, inMotion, now);
    const { fresh, stillHeld, heldOfOthers } = applies
      ? await withoutThoseHeld(
          tx,
          run,
          settled,
          newcomers,
          material.lookedAt,
          new Set(reconciliation.silentOn),
        )
      : { fresh: settled, stillHeld: [], heldOfOthers: [] };
    // Who is held already counts too, and what earlier runs did: a source that goes bad little by little must not get past
    // the guard. A run for one person alone is a word on that person.
    const earlier = run.only_who === null && fresh.length > 0 ? await releasedUnasked(tx, run.source_id) : [];
    const guarded = guard([...fresh, ...stillHeld, ...heldOfOthers], limits, {
      linkedActive: reconciliation.counts.linkedActive,
      earlier,
      raised: run.raised,
    }).filter((hold) => fresh.some((operation) => isHeldBy([hold], operation) !== undefined));

    const released = fresh.filter((operation) => isHeldBy(guarded, operation) === undefined);
    const { unsaved, profiles } = material;
    const holds = [
      ...guarded,
      ...(applies && unsaved !== undefined ? holdsUnsaved(released, profiles, unsaved) : []),
    ];

    const count = fresh.length + newcomers.size;
    const counted: Partial<Record<OperationKind, number>> = {};
    // Everybody's operations at once would be most of the memory that a first load takes.
    const frozen = Iterator.from(inPlanOrder(fresh, newcomers)).map((proposed, index) => {
      counted[proposed.kind] = (counted[proposed.kind] ?? 0) + 1;
      const hold = isHeldBy(holds, proposed);
      const state = applies ? (hold === undefined ? 'queued' : 'held') : 'planned';
      return {
        run: run.id,
        seq: index + 1,
        source: run.source_id,
        state,
        hold: hold?.guard,
        inviteSeq: proposed.invites === true ? count + index + 1 : undefined,
        proposed,
      } as const;
    });
    await storeOperations(tx, frozen);
    const late = [...stillHeld.map(alreadyHeld), ...left];
    const findings = [...material.skipped, ...reconciliation.findings, ...late];
    await keepFindings(tx, run.id, findings);
    if (applies && run.only_who === null) await keepPlace(tx, run, material, stillHeld, late, now);

    const summary = {
      ...summaryOf(material, counted, findings, holds),
      unkept: await unkeptOf(tx, run.source_id),
    };
    await settle(tx, run, applies, count, summary, limits.planExpiry);
    await appendAudit(
      tx,
      [
        {
          actor: run.actor,
          action: 'run.planned',
          run: run.id,
          source: run.source_id,
          reason: run.raise_reason ?? undefined,
          details: { mode: run.mode, raised: run.raise_reason === null ? undefined : run.raised, ...summary },
        },
      ],
      now,
    );
    return summary;
  });
}

/**
 * Only now the run's row is touched, since a million operations take a minute to store: in that minute its lease is renewed, and
 * others look at it.
 *
 * @throws {PlanError} where it was called failed meanwhile: what it has read is old, and a newer run may be at work
 */
async function settle(
  tx: Transaction<Database>,
  run: Run,
  applies: boolean,
  count: number,
  summary: RunSummary,
  expiryMs: number,
): Promise<void> {
  const state = count === 0 ? 'done' : applies ? 'executing' : 'planned';
  const waits = state === 'planned' || summary.holds.length > 0;
  const settled = await tx
    .updateTable('runs')
    .set({
      state,
      summary: JSON.stringify(summary),
      planned_at: sql`now()`,
      lease_owner: null,
      lease_until: null,
      expires_at: waits ? inMs(expiryMs) : null,
      ended_at: state === 'done' ? sql`now()` : null,
    })
    .where('id', '=', run.id)
    .where('state', '=', 'reading')
    .returning('id')
    .execute();
  if (settled.length === 0)
    throw new PlanError(
      `Run ${run.id} was taken for abandoned while it was still reading, since its process had not been heard of for too long. Nothing was planned; start a new run.`,
    );
}
