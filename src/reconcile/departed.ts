/** People of whom HR or an operator said that they left, whatever their source says. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Leaver, Person } from '../identity/person.ts';
import type { Departure, KeptLeaveDate, LeaveDateChanges } from '../store/departures/departure.ts';

/** Why somebody counts as a leaver, as a sentence. */
export function reasonOfDeparture({ cause, actor, reason, eventId }: Departure): string {
  const event = eventId === undefined ? '' : ` (event ${eventId})`;
  switch (cause) {
    case 'operator':
      return `They left, by the word of ${actor}${event}: ${JSON.stringify(reason)}.`;
    case 'hr-event':
    case 'hr-file':
      return `HR says that they left${event}: ${JSON.stringify(reason)}.`;
    case 'leave-date':
      return reason;
    default:
      return cause satisfies never;
  }
}

/** Somebody as a leaver, by a word that stands. */
export function departedAs(
  { anchor, label, email }: Pick<Person, 'anchor' | 'label' | 'email'>,
  departure: Departure,
): Leaver {
  return { kind: 'leaver', anchor, label, email, why: 'departed', reason: reasonOfDeparture(departure) };
}

export interface LeaveDateBook {
  see(person: Person): void;
  changes(): LeaveDateChanges;
}

/** Notes what a reading changes in the leave dates that are kept. */
export function leaveDateBook(kept: ReadonlyMap<Anchor, KeptLeaveDate>): LeaveDateBook {
  const set: LeaveDateChanges['set'][number][] = [];
  const dropped: Anchor[] = [];
  return {
    see(person) {
      const { anchor, label, email } = person;
      const before = kept.get(anchor);
      const at = person.kind === 'member' ? person.leavesAt : undefined;
      if (at !== undefined) {
        if (before?.dueAt.getTime() !== at.getTime()) set.push({ anchor, label, email, at });
        return;
      }
      if (before === undefined) return;
      // Of somebody who has left by now the date has done its work; a bad record says nothing about it.
      const isOver = person.kind === 'member' || (person.kind === 'leaver' && !before.isActedOn);
      if (isOver) dropped.push(anchor);
    },
    changes: () => ({ set, dropped }),
  };
}
