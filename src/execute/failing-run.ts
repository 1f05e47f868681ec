/** Too many failures in a run are one mistake, not many: the rest of it waits until a person has looked. */
import type { Transaction } from 'kysely';
import type { Config } from '../../config/schema.ts';
import { appendAudit } from '../audit/index.ts';
import { allowedOf, excessInWords } from '../plan/index.ts';
import type { OperationKind, RunId } from '../store/operations/operation.ts';
import { inMs } from '../store/runs/runs.ts';
import type { Database, HoldReason } from '../store/schema.ts';

export type FailureLimits = Pick<Config['guards'], 'maxFailures' | 'planExpiry'>;

const guard = 'maxFailures';

/**
 * Holds what of a run has not begun, where more of its operations have failed than the guard allows: once, since approving
 * means to go on. Deactivations are neither held nor counted: that somebody stays active is the worse fault, and what
 * is refused of them tells nothing of the values that the run sends.
 */
export async function holdFailingRun(
  tx: Transaction<Database>,
  id: RunId,
  { maxFailures, planExpiry }: FailureLimits,
  now: Date,
): Promise<void> {
  const { count } = await tx
    .selectFrom('operations')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('run_id', '=', id)
    .where('state', '=', 'failed')
    .where('kind', '<>', 'deactivate')
    .executeTakeFirstOrThrow();
  const failed = Number(count);
  if (failed <= maxFailures.count) return;

  const run = await tx
    .selectFrom('runs')
    .select(['source_id', 'summary', 'raised'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const { summary } = run;
  if (summary === null || summary.holds.some((hold) => hold.guard === guard)) return;
  const { deactivate: _, ...others } = summary.operations;
  const planned = Object.values(others).reduce((sum, count) => sum + count, 0);
  const allowed = allowedOf(planned, maxFailures, run.raised.maxFailures);
  if (failed <= allowed) return;

  const held = await tx
    .updateTable('operations')
    .set({ state: 'held', hold: guard, dispatched_at: null })
    .where('run_id', '=', id)
    .where('state', '=', 'queued')
    .where('kind', '<>', 'deactivate')
    .where('intent_at', 'is', null)
    .returning('kind')
    .execute();
  if (held.length === 0) return;
  const why = `${failed} of ${planned} operations of the run have failed, ${excessInWords(guard, allowed, maxFailures, run.raised.maxFailures)} Look at \`rollcall operations --failed\`; approving goes on with the rest.`;
  const holds = holdsByKind(
    held.map(({ kind }) => kind),
    why,
  );
  await tx
    .updateTable('runs')
    .set({
      summary: JSON.stringify({ ...summary, holds: [...summary.holds, ...holds] }),
      expires_at: inMs(planExpiry),
      approvals: '[]',
    })
    .where('id', '=', id)
    .execute();
  const details = { failed, planned, allowed, held: held.length };
  await appendAudit(
    tx,
    [{ actor: 'worker', action: 'run.held', run: id, source: run.source_id, reason: why, details }],
    now,
  );
}

function holdsByKind(kinds: readonly OperationKind[], why: string): readonly HoldReason[] {
  return [...new Set(kinds)].map((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return { guard, kind, count, sentence: `${count} of kind ${kind} are not begun: ${why}` };
  });
}
