/** Finds out what has become of a run from its operations, and ends what is over or has expired. */
import { type Kysely, sql } from 'kysely';
import { appendAudit } from '../../audit/index.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { isAnyIn, moveOperations } from '../../store/operations/operations.ts';
import { noteVerificationDue } from '../../store/operations/verifications.ts';
import { endRun, type Run, runOf } from '../../store/runs/runs.ts';
import type { Database, RunState } from '../../store/schema.ts';

/** Brings a released run's state up to date. @returns the state that it is in now */
export async function settleRun(db: Kysely<Database>, id: RunId): Promise<RunState | undefined> {
  const run = await runOf(db, id);
  if (run === undefined || (run.state !== 'executing' && run.state !== 'held')) return run?.state;
  const state = (await isAnyIn(db, id, ['queued', 'running']))
    ? 'executing'
    : (await isAnyIn(db, id, ['held']))
      ? 'held'
      : 'done';
  if (state === run.state) return state;
  if (state !== 'executing') await noteVerificationDue(db, id, run.state);
  if (state === 'done') await endRun(db, id, 'done', ['executing', 'held']);
  else
    await db
      .updateTable('runs')
      .set({ state })
      .where('id', '=', id)
      .where('state', 'in', ['executing', 'held'])
      .execute();
  return state;
}

/** Brings the state of every released run up to date. */
export async function settleRuns(db: Kysely<Database>): Promise<void> {
  const open = await db.selectFrom('runs').select('id').where('state', 'in', ['executing', 'held']).execute();
  for (const { id } of open) await settleRun(db, id);
}

/** Ends plans whose time for approval is over; what they held is not carried out. */
export async function expirePlans(db: Kysely<Database>, now: Date): Promise<readonly Run[]> {
  const due = await db
    .selectFrom('runs')
    .selectAll()
    .where('state', 'in', ['planned', 'held', 'executing'])
    .where('expires_at', '<', sql<Date>`now()`)
    .execute();
  for (const run of due) {
    await db.transaction().execute(async (tx) => {
      const expired = await moveOperations(
        tx,
        { run: run.id, states: ['planned', 'held'] },
        'expired',
        'Nobody approved it in time.',
      );
      await tx.updateTable('runs').set({ expires_at: null }).where('id', '=', run.id).execute();
      if (run.state === 'planned') await endRun(tx, run.id, 'expired', ['planned']);
      if (expired.length === 0) return;
      const details = { operations: expired.length };
      await appendAudit(
        tx,
        [{ actor: 'rollcall', action: 'plan.expired', run: run.id, source: run.source_id, details }],
        now,
      );
    });
    await settleRun(db, run.id);
  }
  return due;
}
