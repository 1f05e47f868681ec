import { settleRun, type VerificationMeans, verifyDeactivations } from '../../plan/index.ts';
import { isRunOfDepartures } from '../../store/departures/departures.ts';
import type { RunId } from '../../store/operations/operation.ts';

/** Confirms a run at once that was made because somebody left, without waiting for the next round. */
export async function verifyDeparture(means: VerificationMeans, run: RunId): Promise<void> {
  if (!(await isRunOfDepartures(means.db, run))) return;
  if ((await settleRun(means.db, run)) !== 'done') return;
  await verifyDeactivations({ ...means, asksForEach: true }, run);
}
