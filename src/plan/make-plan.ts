/** One run up to its plan: read both sides, reconcile, guard, freeze. */
import type { Run } from '../store/runs/runs.ts';
import type { RunSummary } from '../store/schema.ts';
import { saveBefore } from './backup/save-before.ts';
import { reconcileDelta } from './delta/reconcile-delta.ts';
import { freezePlan } from './freeze/freeze-plan.ts';
import { withoutLastAdministrator } from './last-administrator.ts';
import type { PlanMeans } from './plan-means.ts';
import { noteReading } from './reading/quarantine.ts';
import type { Reconciled } from './reconciled.ts';
import { inTheOrgsWords } from './vocabulary.ts';
import { reconcileWhole } from './whole/reconcile-whole.ts';

/**
 * Makes and stores the plan of a run. A delta that can't be had becomes a whole reading by itself, and says so.
 *
 * @throws {SourceError} when the source can't be read at all
 * @throws {ProfileApiError} when the org can't be read
 * @throws {PlanError} when what was read can't be true. In all three cases nothing was changed
 */
export async function makePlan(run: Run, means: PlanMeans): Promise<RunSummary> {
  const { db, config, fingerprint, now } = means;
  const readingSince = now();
  const { reconciled, fallback } = await readAsAsked(run, means, readingSince);
  const inWords = await inTheOrgsWords(reconciled.reconciliation, reconciled.newcomers, means);
  const reconciliation = await withoutLastAdministrator(inWords, reconciled.listed, means);

  const material = {
    ...reconciled,
    reconciliation,
    fallback,
    fingerprint,
    readingSince,
    unsaved: await saveBefore(run, reconciliation, reconciled, readingSince, means),
  };
  const summary = await freezePlan(db, run, material, config.guards, now());
  await noteReading(run, reconciled.reading, reconciled.doubt, means);
  return summary;
}

async function readAsAsked(
  run: Run,
  means: PlanMeans,
  since: Date,
): Promise<{ readonly reconciled: Reconciled; readonly fallback: string | undefined }> {
  if (run.reading === 'full' || run.only_who !== null)
    return { reconciled: await reconcileWhole(run, means, since), fallback: undefined };
  const delta = await reconcileDelta(run, means, since);
  if (delta.kind === 'reconciled') return { reconciled: delta.reconciled, fallback: undefined };
  const fallback = `The whole source was read in place of its changes. ${delta.why}`;
  means.log.warn({ event: 'delta.whole', run: run.id, source: run.source_id, why: delta.why }, fallback);
  return { reconciled: await reconcileWhole(run, means, since), fallback };
}
