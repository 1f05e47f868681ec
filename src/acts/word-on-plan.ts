/** A person's word on a plan, and a plan that reverses a run. */
import { approveSaved, planUndo, rejectPlan } from '../plan/index.ts';
import type { RunId } from '../store/operations/operation.ts';
import type { Acting } from './acting.ts';
import { type Refusal, refuse } from './refusal.ts';
import { runNamed } from './run-named.ts';

/** What came of an approval. */
export type ApproveOutcome =
  | {
      readonly kind: 'approved';
      readonly run: RunId;
      readonly released: number;
      readonly overtaken: number;
    }
  /** The first of two: nothing is released yet. */
  | { readonly kind: 'seconded'; readonly run: RunId; readonly overtaken: number }
  | Refusal;

/** Releases what a plan or a guard holds. Whoever calls sees to it that it is dispatched. */
export async function approveNamed(
  { engine, actor }: Acting,
  plan: string,
  reason: string,
  signal: AbortSignal,
): Promise<ApproveOutcome> {
  const { store, api, log, config } = engine;
  const named = await runNamed(store.db, plan, 'plan');
  if (named.kind === 'refused') return named;
  const { id } = named.run;
  const means = { db: store.db, api, log, config, signal, now: () => new Date() };
  const outcome = await approveSaved(means, id, { actor, reason });
  switch (outcome.kind) {
    case 'approved':
    case 'seconded':
      return { ...outcome, run: id };
    case 'refused':
      return refuse('not-now', outcome.sentence);
    case 'rejected':
      return refuse('not-now', `Plan ${id} was rejected.`);
    default:
      return outcome satisfies never;
  }
}

/** What came of a rejection. */
export type RejectOutcome =
  | { readonly kind: 'rejected'; readonly run: RunId; readonly dropped: number }
  | Refusal;

/** Drops what a plan or a guard holds. */
export async function rejectNamed(
  { engine, actor }: Acting,
  plan: string,
  reason: string,
): Promise<RejectOutcome> {
  const { db } = engine.store;
  const named = await runNamed(db, plan, 'plan');
  if (named.kind === 'refused') return named;
  const { id } = named.run;
  const outcome = await rejectPlan(db, id, { actor, reason }, new Date());
  if (outcome.kind === 'rejected') return { ...outcome, run: id };
  return refuse('not-now', outcome.kind === 'refused' ? outcome.sentence : `Plan ${plan} was approved.`);
}

/**
 * Makes a plan that reverses a run's deactivations; nothing of it is done before somebody approves it.
 *
 * @throws {PlanError} where there is nothing to undo
 */
export async function undoNamed(
  { engine, actor }: Acting,
  run: string,
): Promise<{ readonly kind: 'planned'; readonly run: RunId } | Refusal> {
  const { db } = engine.store;
  const undone = await runNamed(db, run);
  if (undone.kind === 'refused') return undone;
  const { planExpiry } = engine.config.guards;
  return { kind: 'planned', run: await planUndo(db, undone.run.id, actor, planExpiry, new Date()) };
}
