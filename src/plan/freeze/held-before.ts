/** What earlier plans hold for the same people. */
import type { Transaction } from 'kysely';
import type { Anchor } from '../../identity/identity.ts';
import { isSameValue, type Newcomers, type ProposedOperation } from '../../reconcile/index.ts';
import { moveOperations, type Operation, operations } from '../../store/operations/operations.ts';
import type { NamedFinding, Run } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import type { PlanMaterial } from './plan-material.ts';

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
 *
 * @param newcomers - of whom those are taken out for whom something waits
 */
export async function withoutThoseHeld(
  tx: Transaction<Database>,
  run: Run,
  settled: readonly ProposedOperation[],
  newcomers: Newcomers,
  lookedAt: PlanMaterial['lookedAt'],
  silentOn: ReadonlySet<Anchor>,
): Promise<Unheld> {
  const unheld = { fresh: settled, stillHeld: [], heldOfOthers: [] };
  const isAbout = run.reading === 'delta' && lookedAt !== 'everybody' ? new Set(lookedAt) : undefined;
  const isAboutNobody = isAbout?.size === 0 && settled.length + newcomers.size === 0;
  if (run.only_who !== null || isAboutNobody) return unheld;
  const everyHeld = await operations(tx, { source: run.source_id, states: ['held'] });
  const planned = await operations(tx, { source: run.source_id, states: ['planned'], kinds: ['purge'] });
  const ofThese = ({ anchor }: Operation): boolean => isAbout?.has(anchor) ?? true;
  // A dry run is left as it was shown, but nobody who came back is deleted on the word of an old one.
  const purges = planned.filter(ofThese);
  if (everyHeld.length + purges.length === 0) return unheld;
  const proposed = [...settled, ...newcomers.takeOut([...everyHeld, ...planned].map(({ anchor }) => anchor))];
  const held = everyHeld.filter(ofThese);
  const heldOfOthers = everyHeld.filter((one) => !ofThese(one));

  const wanted = new Map(proposed.map((operation) => [operation.anchor, operation]));
  const stands = (operation: Operation): boolean => {
    const same = wanted.get(operation.anchor);
    if (same !== undefined) return isSameOperation(operation, same) && !isSettled(operation, same);
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

/** Whether what a plan holds is what is wanted now. */
export const isSameOperation = (held: Operation, proposed: ProposedOperation): boolean =>
  held.kind === proposed.kind &&
  held.profile_id === (proposed.profileId ?? null) &&
  (held.invite_seq !== null) === (proposed.invites ?? false) &&
  isSameValue('after', held.after, proposed.after);

/** Whether it was held for a contradiction that is none any more: then it is planned anew, as any other. */
const isSettled = ({ hold }: Operation, { contradictedBy }: ProposedOperation): boolean =>
  hold === 'contradiction' && contradictedBy === undefined;

export const alreadyHeld = (operation: Operation): NamedFinding => ({
  kind: 'waiting',
  anchor: operation.anchor,
  label: operation.label,
  email: operation.email ?? undefined,
  reason: `Their ${operation.kind} is held in plan ${operation.run_id} and waits for approval there.`,
});
