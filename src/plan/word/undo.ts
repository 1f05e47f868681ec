/** Plans the reversal of a run's deactivations: exactly those that are still our doing. */
import { type Kysely, sql } from 'kysely';
import { appendAudit } from '../../audit/index.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { keepOperations, type Operation, operations } from '../../store/operations/operations.ts';
import { inMs, keepFindings, type NamedFinding, requestRun, runOf } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import { PlanError } from '../plan-error.ts';

/**
 * Stores a plan that reactivates those whom the run deactivated, as they were. Somebody who was reactivated since, or
 * deactivated again by another run, is named and left alone. Nothing is done before the plan is approved.
 *
 * @returns the plan's id
 * @throws {PlanError} where there is nothing to undo
 */
export async function planUndo(
  db: Kysely<Database>,
  undone: RunId,
  actor: string,
  expiryMs: number,
  now: Date,
): Promise<RunId> {
  const run = await runOf(db, undone);
  if (run === undefined) throw new PlanError(`There is no run ${undone}. \`rollcall runs\` lists them.`);
  const deactivations = await operations(db, { run: undone, states: ['done'], kinds: ['deactivate'] });
  const ours = await stillDeactivatedBy(db, undone);
  const undoable = deactivations.filter((operation) => ours.has(operation.anchor));
  if (undoable.length === 0) {
    throw new PlanError(
      `Run ${undone} has no deactivations that could be undone: it made none, or they were undone since.`,
    );
  }

  return await db.transaction().execute(async (tx) => {
    const id = await requestRun(tx, {
      source: run.source_id,
      mode: 'plan',
      trigger: 'hand',
      actor,
      onlyWho: undefined,
    });
    await keepOperations(
      tx,
      undoable.map((operation, index) => ({
        run: id,
        seq: index + 1,
        source: run.source_id,
        state: 'planned',
        hold: undefined,
        proposed: reversal(operation),
      })),
    );
    const others = deactivations.filter((operation) => !ours.has(operation.anchor));
    await keepFindings(tx, id, others.map(notOursAnyMore));
    await tx
      .updateTable('runs')
      .set({ state: 'planned', started_at: sql`now()`, planned_at: sql`now()`, expires_at: inMs(expiryMs) })
      .where('id', '=', id)
      .execute();
    const details = { undoes: undone, operations: undoable.length };
    await appendAudit(tx, [{ actor, action: 'run.planned', run: id, source: run.source_id, details }], now);
    return id;
  });
}

async function stillDeactivatedBy(db: Kysely<Database>, run: RunId) {
  const rows = await db.selectFrom('links').select('anchor').where('deactivated_by', '=', run).execute();
  return new Set(rows.map((row) => row.anchor));
}

const reversal = (operation: Operation) => ({
  kind: 'reactivate' as const,
  anchor: operation.anchor,
  profileId: operation.profile_id,
  email: operation.email ?? undefined,
  label: operation.label,
  reason: `Run ${operation.run_id} deactivated them, and that is undone. If the source still says that they left, the next run deactivates them again.`,
  before: operation.after,
  after: operation.before,
  desired: operation.desired,
});

const notOursAnyMore = (operation: Operation): NamedFinding => ({
  kind: 'left',
  anchor: operation.anchor,
  label: operation.label,
  email: operation.email ?? undefined,
  reason: 'They were reactivated, or changed by another run, since.',
});
