/** Words that somebody has left. */
import type { Departure, DepartureId } from '../../src/store/departures/departure.ts';
import { anchor, sourceId } from './people.ts';
import { noon } from './run.ts';

/** HR's word that somebody left. */
export function departure({
  id = 'ann',
  ...changes
}: { readonly id?: string } & Partial<Omit<Departure, 'id' | 'anchor'>> = {}): Departure {
  return {
    id: `D-${id}` as DepartureId,
    source: sourceId('corp'),
    anchor: anchor(id),
    label: `uid=${id}`,
    email: `${id}@example.com`,
    cause: 'hr-event',
    eventId: 'hr-42',
    actor: 'hr',
    reason: 'Contract ended.',
    arrivedAt: noon,
    dueAt: noon,
    ...changes,
  };
}
