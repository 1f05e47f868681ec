/** Keeps, with a plan and in its transaction, from where the next delta reads on and whom it has to look at again. */
import type { Transaction } from 'kysely';
import type { Anchor } from '../../identity/index.ts';
import type { Operation } from '../../store/operations/operations.ts';
import type { NamedFinding, Run } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import { type KeptRevisit, keepCursor, keepRevisits, revisitAfter } from '../../store/sources/cursors.ts';
import type { Reconciled } from '../reconciled.ts';

/** Whose word the org does not know is looked at again after this time. */
const recheckMs = 3_600_000;

interface Reached extends Pick<Reconciled, 'reconciliation' | 'lookedAt' | 'cursor'> {
  /** Of everything that decides what a change means. */
  readonly fingerprint: string;
}

/**
 * A cursor without the results that it stands for would lose them; so would one that does not know whose results are
 * still to come.
 *
 * @param held - what an earlier plan holds for the same people
 * @param lateFindings - what came up while the plan was frozen, such as that something is under way for somebody
 */
export async function keepPlace(
  tx: Transaction<Database>,
  run: Run,
  { reconciliation, lookedAt, cursor, fingerprint }: Reached,
  held: readonly Pick<Operation, 'id' | 'anchor'>[],
  lateFindings: readonly NamedFinding[],
  now: Date,
): Promise<void> {
  const revisits = new Map<Anchor, KeptRevisit>();
  for (const revisit of reconciliation.revisits) revisits.set(revisit.anchor, revisit);
  const later = new Date(now.getTime() + recheckMs);
  for (const { anchor, kind } of reconciliation.findings)
    if (anchor !== undefined && kind === 'skipped' && !revisits.has(anchor))
      revisits.set(anchor, { anchor, notBefore: later });
  for (const { anchor } of lateFindings) if (anchor != null) revisits.set(anchor, { anchor });
  for (const { anchor, id } of held) revisits.set(anchor, { anchor, operation: id });

  await keepRevisits(tx, run.source_id, lookedAt, [...revisits.values()]);
  await revisitAfter(tx, run.id);
  if (cursor !== undefined) await keepCursor(tx, { source: run.source_id, cursor, fingerprint, run: run.id });
}
