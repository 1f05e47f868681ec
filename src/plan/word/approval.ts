/** A person's word on a plan: approve releases what waits, reject drops it. */
import type { Kysely, Transaction } from 'kysely';
import { appendAudit } from '../../audit/index.ts';
import { endDeparturesOf } from '../../store/departures/departures.ts';
import type { RunId } from '../../store/operations/operation.ts';
import { moveOperations, operations } from '../../store/operations/operations.ts';
import { lockReleases } from '../../store/operations/releases.ts';
import { endRun, type Run } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import { overtakenIn } from '../after/overtaken.ts';
import { settleRun } from '../after/settle.ts';

/** What a person's word on a plan has come to; where it is refused, the sentence says why and nothing was changed. */
export type ApprovalOutcome =
  | { readonly kind: 'approved'; readonly released: number; readonly overtaken: number }
  /** The first of two: nothing is released yet. */
  | { readonly kind: 'seconded'; readonly overtaken: number }
  | { readonly kind: 'rejected'; readonly dropped: number }
  | { readonly kind: 'refused'; readonly sentence: string };

/** Who says so, and why: both go into the audit log. */
export interface Word {
  readonly actor: string;
  readonly reason: string;
}

/**
 * Releases everything that a plan holds, once as many people have approved it as have to. An operation for somebody for whom
 * another one is under way, or was carried out since the plan was made, is superseded instead, and so is one that a later run
 * no longer wanted.
 *
 * @param people - how many have to approve: the second is another one than the first, and than whoever asked for the run
 */
export async function approvePlan(
  db: Kysely<Database>,
  id: RunId,
  word: Word,
  now: Date,
  people: 1 | 2 = 1,
): Promise<ApprovalOutcome> {
  return await aboutWaitingPlan(db, id, now, async (tx, run) => {
    await lockReleases(tx, run.source_id);
    const { byOthers, unwanted } = await overtakenIn(tx, run);
    const given = { ...word, at: now.toISOString() };
    const isSecond = run.approvals.length > 0;
    if (people === 2) {
      const refusal = isSecond ? refusalOfSecond(run, word) : undefined;
      if (refusal !== undefined) return { kind: 'refused', sentence: refusal };
      await tx
        .updateTable('runs')
        .set({ approvals: JSON.stringify([...run.approvals, given]) })
        .where('id', '=', id)
        .execute();
      if (!isSecond) {
        const details = { approvals: 1, of: 2 };
        await appendAudit(
          tx,
          [{ ...word, action: 'approval.given', run: id, source: run.source_id, details }],
          now,
        );
        return { kind: 'seconded', overtaken: byOthers.length + unwanted.length };
      }
    }
    const overtaken = [
      ...(await moveOperations(
        tx,
        { ids: byOthers },
        'superseded',
        'Another operation for them was under way, or was carried out, before this plan was approved.',
      )),
      ...(await moveOperations(
        tx,
        { ids: unwanted },
        'superseded',
        'Reality has overtaken it: a later run saw everybody, and no longer wanted it.',
      )),
    ];
    const released = await moveOperations(tx, { run: id, states: ['planned', 'held'] }, 'queued', undefined);
    await tx
      .updateTable('runs')
      .set({ state: 'executing', approved_by: word.actor, approval_reason: word.reason, expires_at: null })
      .where('id', '=', id)
      .execute();
    await appendAudit(
      tx,
      [
        {
          actor: word.actor,
          action: 'plan.approved',
          run: id,
          source: run.source_id,
          reason: word.reason,
          details: {
            released: released.length,
            overtaken: overtaken.length,
            first: people === 2 ? run.approvals[0]?.actor : undefined,
          },
        },
      ],
      now,
    );
    return { kind: 'approved', released: released.length, overtaken: overtaken.length };
  });
}

/** Two pairs of eyes are two people. */
function refusalOfSecond({ id, actor, approvals }: Run, word: Word): string | undefined {
  const wanted = 'guards.approval asks for two people';
  if (approvals.some((first) => first.actor === word.actor))
    return `${word.actor} has approved plan ${id} already, and ${wanted}. Somebody else has to look at it.`;
  if (word.actor === actor)
    return `${word.actor} asked for the run of plan ${id}, and ${wanted}: the second has to be somebody else.`;
  return undefined;
}

/** Drops everything that a plan holds; nothing of it is ever carried out. What was released already goes on. */
export async function rejectPlan(
  db: Kysely<Database>,
  id: RunId,
  word: Word,
  now: Date,
): Promise<ApprovalOutcome> {
  return await aboutWaitingPlan(db, id, now, async (tx, run) => {
    const dropped = await moveOperations(
      tx,
      { run: id, states: ['planned', 'held'] },
      'rejected',
      word.reason,
    );
    await tx.updateTable('runs').set({ expires_at: null }).where('id', '=', id).execute();
    // Whoever drops a deactivation by HR's word says that they have not left.
    await endDeparturesOf(tx, id, word);
    if (run.state === 'planned') await endRun(tx, id, 'rejected', ['planned']);
    await appendAudit(
      tx,
      [
        {
          actor: word.actor,
          action: 'plan.rejected',
          run: id,
          source: run.source_id,
          reason: word.reason,
          details: { dropped: dropped.length },
        },
      ],
      now,
    );
    return { kind: 'rejected', dropped: dropped.length };
  });
}

/** Carries a person's word out on a plan of which something still waits, and brings its run up to date. */
async function aboutWaitingPlan(
  db: Kysely<Database>,
  id: RunId,
  now: Date,
  carryOut: (tx: Transaction<Database>, run: Run) => Promise<ApprovalOutcome>,
): Promise<ApprovalOutcome> {
  return await db.transaction().execute(async (tx) => {
    const waiting = await waitingRun(tx, id, now);
    if ('sentence' in waiting) return { kind: 'refused', sentence: waiting.sentence };
    const outcome = await carryOut(tx, waiting.run);
    await settleRun(tx, id);
    return outcome;
  });
}

async function waitingRun(
  tx: Transaction<Database>,
  id: RunId,
  now: Date,
): Promise<{ readonly run: Run } | { readonly sentence: string }> {
  const run = await tx.selectFrom('runs').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (run === undefined) return { sentence: `There is no plan ${id}. \`rollcall runs\` lists them.` };
  const waits = await operations(tx, { run: id, states: ['planned', 'held'] }, 1);
  if (waits.length > 0 && (run.expires_at === null || run.expires_at > now)) return { run };
  return { sentence: `Nothing in plan ${id} waits for approval: ${whyNothingWaits(run)}` };
}

function whyNothingWaits(run: Run): string {
  if (run.approved_by !== null) return `${run.approved_by} approved it.`;
  switch (run.state) {
    case 'rejected':
      return 'it was rejected.';
    case 'planned':
    case 'expired':
      return 'its time for approval is over. Make a new plan.';
    case 'failed':
      return 'the run failed before it had a plan.';
    case 'requested':
    case 'reading':
      return 'it is not made yet.';
    case 'held':
    case 'executing':
    case 'done':
      return 'all of it was released, or overtaken by later runs.';
    default:
      return run.state satisfies never;
  }
}
