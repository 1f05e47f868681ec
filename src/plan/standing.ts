/** What stands about people besides what their source shows: words, dates, and what other sources say. */
import type { Kysely } from 'kysely';
import type { Anchor, SourceId } from '../identity/index.ts';
import type { World } from '../reconcile/index.ts';
import { departuresInForce } from '../store/departures/departures.ts';
import { leaveDates } from '../store/departures/leave-dates.ts';
import { claimsOn, offersOn } from '../store/people/claims.ts';
import type { Database } from '../store/schema.ts';

/** Reads it for some people of a source. Of nobody nothing is asked. */
export async function standingOn(
  db: Kysely<Database>,
  source: SourceId,
  of: readonly Anchor[],
  now: Date,
): Promise<Pick<World, 'departures' | 'leaveDates' | 'claims' | 'offers'>> {
  return {
    departures: await departuresInForce(db, source, now, of),
    leaveDates: await leaveDates(db, source, of),
    claims: await claimsOn(db, source, of),
    offers: await offersOn(db, source, of),
  };
}
