/** Acts on departures when their time comes: those of a time to come, and those that had to wait for other work. */
import type { Kysely } from 'kysely';
import type { SourceId } from '../identity/index.ts';
import type { DepartureRecord } from '../store/departures/departure.ts';
import { sourcesWithDue, takeDueDepartures } from '../store/departures/departures.ts';
import type { OperationId } from '../store/operations/operation.ts';
import { lockReleases } from '../store/operations/releases.ts';
import type { Database } from '../store/schema.ts';
import { type ReleaseLimits, release } from './release.ts';

const atOnce = 500;

/**
 * Makes runs of everything that is due, however late. Several processes may do so at once: each departure is one's.
 *
 * @param sources - those of the configuration; what was said about people of another one waits
 * @returns operations that can go into the queue
 */
export async function releaseDue(
  db: Kysely<Database>,
  sources: readonly SourceId[],
  limits: ReleaseLimits,
  now: Date,
): Promise<readonly OperationId[]> {
  const queued: OperationId[] = [];
  for (const source of await sourcesWithDue(db, now)) {
    if (!sources.includes(source)) continue;
    const released = await db.transaction().execute(async (tx) => {
      await lockReleases(tx, source);
      const due = await takeDueDepartures(tx, source, now, atOnce);
      const isByHand = ({ cause }: DepartureRecord): boolean => cause === 'operator';
      const parts = [due.filter(isByHand), due.filter((one) => !isByHand(one))];
      const runs = [];
      for (const part of parts) runs.push(await release(tx, source, part, limits, now));
      return runs.flatMap((run) => run.queued);
    });
    queued.push(...released);
  }
  return queued;
}
