/** Who has left, or will leave, by the word of HR, an operator or a leave date. */
import type { DepartureCause, DepartureRecord } from '../../store/departure.ts';
import { absoluteTime, durationInWords } from '../../words/time.ts';
import type { Screen } from './colours.ts';
import { renderTable } from './table.ts';

const causes: Readonly<Record<DepartureCause, string>> = {
  operator: 'an operator',
  'hr-event': 'HR',
  'hr-file': 'HR (file)',
  'leave-date': 'leave date',
};

export function renderDepartures(
  departures: readonly DepartureRecord[],
  screen: Screen,
  now: Date,
): readonly string[] {
  if (departures.length === 0) return ['Nobody has left, or is said to leave.'];
  const rows = departures.map((departure) => [
    { text: departure.email ?? departure.label, paint: screen.colour.bold },
    departure.source,
    absoluteTime(departure.dueAt),
    causes[departure.cause],
    stateOf(departure, now),
    departure.eventId === undefined ? departure.reason : `${departure.reason} (event ${departure.eventId})`,
  ]);
  return [
    ...renderTable(['PERSON', 'SOURCE', 'LEAVES', 'BY', 'STATE', 'REASON'], rows, screen),
    '',
    screen.colour.dim('`rollcall reinstate WHO --reason "..."` takes such a word back.'),
  ];
}

/** Such as `verified inactive after 0.4 s`. */
function stateOf(
  { actedAt, dueAt, arrivedAt, run, isHeld, ...departure }: DepartureRecord,
  now: Date,
): string {
  const { deactivatedAt, verifiedAt } = departure;
  const since = Math.max(arrivedAt.getTime(), dueAt.getTime());
  if (verifiedAt !== undefined)
    return `verified inactive after ${durationInWords(verifiedAt.getTime() - since)}`;
  if (deactivatedAt !== undefined) return 'deactivated';
  if (isHeld) return `held in plan ${run}`;
  if (run !== undefined) return `run ${run}`;
  if (actedAt !== undefined) return 'no account';
  return dueAt > now ? 'to come' : 'due';
}
