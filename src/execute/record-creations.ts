/** Stores many creations that are done in a few statements: in a first load, storing is most of the work. */
import type { Transaction } from 'kysely';
import { appendAudit } from '../audit/index.ts';
import { endCreations } from '../store/operations/creations.ts';
import type { RunId } from '../store/operations/operation.ts';
import { holdersOf } from '../store/people/links.ts';
import type { Database } from '../store/schema.ts';
import { type Approval, approvalsOf } from './approval.ts';
import { entryOf } from './entry.ts';
import { queueInvitations } from './follow-up.ts';
import type { Effect, Ended, Outcome } from './outcome.ts';

type Linked = Extract<Effect, { kind: 'linked' }>;

/** A creation that went as it should. */
export interface Creation extends Ended {
  readonly outcome: Extract<Outcome, { kind: 'done' }> & { readonly effect: Linked };
  readonly mayHaveHappened: true;
}

export const isCreation = (ended: Ended): ended is Creation =>
  ended.operation.kind === 'create' &&
  ended.mayHaveHappened &&
  ended.outcome.kind === 'done' &&
  ended.outcome.effect.kind === 'linked' &&
  // Which the store has already, with the operation.
  ended.outcome.effect.applied === ended.operation.desired;

/**
 * @returns those that are stored; the others' profiles belong to somebody, which is for each alone to say
 * @throws {LeaseLostError} where another worker has one of them; then none is stored
 */
export async function recordCreations(
  tx: Transaction<Database>,
  creations: readonly Creation[],
  owner: string,
  now: Date,
): Promise<ReadonlySet<Ended>> {
  const profiles = creations.flatMap(({ outcome }) => outcome.effect.profileId ?? []);
  const taken = await holdersOf(tx, profiles);
  const free = creations.filter(({ operation, outcome: { effect } }) => {
    const holder = effect.profileId === undefined ? undefined : taken.get(effect.profileId);
    return (
      holder === undefined || (holder.source === operation.source_id && holder.anchor === operation.anchor)
    );
  });
  if (free.length === 0) return new Set();

  await endCreations(
    tx,
    owner,
    free.map(({ operation: { id }, outcome: { message, effect } }) => ({ id, message, ...effect })),
  );
  const approvals = new Map<RunId, Awaited<ReturnType<typeof approvalsOf>>>();
  for (const run of new Set(free.map(({ operation }) => operation.run_id)))
    approvals.set(run, await approvalsOf(tx, run));
  const entries = free.map(({ operation, outcome }) => {
    const approval: Approval | undefined = approvals.get(operation.run_id)?.(operation);
    return entryOf(operation, 'done', outcome.message, outcome, approval);
  });
  await appendAudit(tx, entries, now);
  // Only now: nobody has two operations under way.
  await queueInvitations(
    tx,
    free.map(({ operation, outcome }) => ({ creation: operation, profileId: outcome.effect.profileId })),
  );
  return new Set(free);
}
