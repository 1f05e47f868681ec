/** What to do about failed operations: try them again, or take them off the list. */
import type { Kysely, Transaction } from 'kysely';
import { appendAudit } from '../audit/index.ts';
import type { SourceId } from '../identity/index.ts';
import { failures, latestFailed } from '../store/operations/failures.ts';
import type { OperationId, OperationKind } from '../store/operations/operation.ts';
import { moveOperations, type Operation, retryFailed } from '../store/operations/operations.ts';
import type { Database } from '../store/schema.ts';
import { didYouMean } from '../words/did-you-mean.ts';
import type { Acting } from './acting.ts';
import { type Refusal, refuse } from './refusal.ts';
import { runNamed } from './run-named.ts';

/** Which failed operations are meant: those of the ids, else all that fit, else all where that was said. */
export interface FailureChoice {
  readonly ids?: readonly string[] | undefined;
  readonly run?: string | undefined;
  readonly source?: string | undefined;
  readonly kind?: OperationKind | undefined;
  /** Part of what the operation failed of, in any case of letters. */
  readonly saying?: string | undefined;
  /** What it failed of, by the key of its group. */
  readonly cause?: string | undefined;
  readonly all?: boolean | undefined;
}

/** What is tried again. */
export type RetryOutcome =
  | {
      readonly kind: 'retried';
      readonly retried: readonly Operation[];
      /** Left alone, since a newer operation for the same person exists. */
      readonly passedOver: number;
    }
  | Refusal;

/** Tries failed operations again, with all their attempts. Whoever calls sees to it that they are dispatched. */
export async function retryChosen(
  { engine, actor }: Acting,
  choice: FailureChoice,
  reason: string | undefined,
): Promise<RetryOutcome> {
  const { db } = engine.store;
  const chosen = await chosenFailures(db, choice);
  if (chosen.kind === 'refused') return chosen;
  const ids = chosen.operations.map(({ id }) => id);
  const retried = await db.transaction().execute(async (tx) => {
    const again = await retryFailed(tx, { ids });
    await note(tx, { actor, reason, action: 'operation.retried' }, again);
    return again;
  });
  return { kind: 'retried', retried, passedOver: ids.length - retried.length };
}

/** What was taken off the list. */
export type DiscardOutcome =
  | { readonly kind: 'discarded'; readonly discarded: readonly Operation[] }
  | Refusal;

/** Takes failed operations off the list. Nothing is carried out; the next run looks at these people anew. */
export async function discardChosen(
  { engine, actor }: Acting,
  choice: FailureChoice,
  reason: string | undefined,
): Promise<DiscardOutcome> {
  const { db } = engine.store;
  const chosen = await chosenFailures(db, choice);
  if (chosen.kind === 'refused') return chosen;
  const discarded = await db.transaction().execute(async (tx) => {
    const ids = chosen.operations.map(({ id }) => id);
    const moved = new Set(await moveOperations(tx, { ids, states: ['failed'] }, 'discarded', undefined));
    // Somebody else may have been quicker with some.
    const ours = chosen.operations.filter(({ id }) => moved.has(id));
    await note(tx, { actor, reason, action: 'operation.discarded' }, ours);
    return ours;
  });
  return { kind: 'discarded', discarded };
}

async function chosenFailures(
  db: Kysely<Database>,
  { ids = [], run, source, kind, saying, cause, all = false }: FailureChoice,
): Promise<{ readonly kind: 'chosen'; readonly operations: readonly Operation[] } | Refusal> {
  const filters = [run, source, kind, saying, cause].filter((filter) => filter !== undefined);
  if (ids.length === 0 && filters.length === 0 && !all)
    return refuse(
      'unspecified',
      'Say which: operation ids, a run, a source, a kind, part of what they failed of, or all.',
    );
  const named = run === undefined ? undefined : await runNamed(db, run);
  if (named?.kind === 'refused') return named;
  const failed = await failures(db, {
    ids: ids.length === 0 ? undefined : ids.map((id) => id as OperationId),
    run: named?.run.id,
    source: source as SourceId | undefined,
    ...{ kind, saying, cause },
  });
  const known = new Set<string>(failed.map((operation) => operation.id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined)
    return refuse(
      'unknown',
      `There is no failed operation ${unknown}.${didYouMean(unknown, await latestFailed(db, 1_000))}`,
      '`rollcall operations --failed` lists them.',
    );
  return { kind: 'chosen', operations: failed };
}

interface Note {
  readonly actor: string;
  readonly action: 'operation.retried' | 'operation.discarded';
  readonly reason: string | undefined;
}

async function note(
  tx: Transaction<Database>,
  { actor, action, reason }: Note,
  chosen: readonly Operation[],
): Promise<void> {
  const entries = chosen.map((operation) => ({
    actor,
    action,
    run: operation.run_id,
    operation: operation.id,
    source: operation.source_id,
    anchor: operation.anchor,
    profile: operation.profile_id ?? undefined,
    email: operation.email ?? undefined,
    reason,
    details: { kind: operation.kind, message: operation.message },
  }));
  await appendAudit(tx, entries, new Date());
}
