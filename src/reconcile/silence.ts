/** People of whom a pass can't say whether they are to be removed. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Decider } from './decider.ts';
import type { Known } from './known.ts';
import type { Answers } from './reconciliation.ts';
import type { Sightings } from './sightings.ts';

/** Linked people who were not seen, or heard of by their id; or of whom the source's word counts for nothing, or whose profile could not be asked for. */
export function silentOn(
  { pending }: Decider,
  known: Known,
  seen: Sightings,
  { incomplete, absences, profiles }: Answers,
): readonly Anchor[] {
  return [...known.links.keys()].filter((anchor) => {
    if (known.isIgnored(anchor) || known.world.departures.has(anchor)) return false;
    const what = pending.get(anchor);
    if (what?.kind === 'unlisted' && !profiles.has(what.id)) return true;
    const shownAs = seen.seenAs(anchor);
    if (shownAs === undefined) return incomplete !== undefined || absences.get(anchor)?.kind === 'unknown';
    return shownAs === 'leaver' && incomplete !== undefined;
  });
}
