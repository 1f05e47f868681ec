/** The guard over what HR and leave dates do: as for a run, but over a day. Pure. */
import { allowedOf, type Limit } from '../plan/index.ts';
import type { HoldReason } from '../store/schema.ts';

export interface DayLimits {
  readonly maxDeactivations: Limit;
}

export interface Day {
  /** How many were released within the last 24 hours, by nobody's approval. */
  readonly released: number;
  /** Linked people of the source whose profile is active, without those. */
  readonly active: number;
}

/** Says why the deactivation of so many more is held; undefined where it is not. */
export function guardDay(
  more: number,
  { released, active }: Day,
  { maxDeactivations }: DayLimits,
): HoldReason | undefined {
  const allowed = allowedOf(active + released, maxDeactivations, undefined);
  if (more === 0 || released + more <= allowed) return undefined;
  const before = released === 0 ? '' : `, after ${released} within 24 hours`;
  return {
    guard: 'maxDeactivations',
    kind: 'deactivate',
    count: more,
    sentence:
      `${more === 1 ? '1 person' : `${more} people`} would be deactivated by the word of HR or by their leave dates${before}: more than the ${allowed} ` +
      `that guards.maxDeactivations allows (the larger of ${maxDeactivations.count} people and ${maxDeactivations.percent} % of the source's linked, active people).`,
  };
}
