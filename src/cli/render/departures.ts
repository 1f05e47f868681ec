/** Who has left, or will leave, by the word of HR, an operator or a leave date. */
import type { ToldDeparture } from '../../json/index.ts';
import { absoluteTime, durationInWords } from '../../words/time.ts';
import type { Screen } from './colours.ts';
import { renderTable } from './table.ts';

const causes: Readonly<Record<ToldDeparture['cause'], string>> = {
  operator: 'an operator',
  'hr-event': 'HR',
  'hr-file': 'HR (file)',
  'leave-date': 'leave date',
};

export function renderDepartures(
  departures: readonly ToldDeparture[],
  screen: Screen,
  now: Date,
): readonly string[] {
  if (departures.length === 0) return ['Nobody has left, or is said to leave.'];
  const rows = departures.map((departure) => [
    { text: departure.email ?? departure.label, paint: screen.colour.bold },
    departure.source,
    absoluteTime(new Date(departure.dueAt)),
    causes[departure.cause],
    stateOf(departure, now),
    departure.eventId === null ? departure.reason : `${departure.reason} (event ${departure.eventId})`,
  ]);
  return [
    ...renderTable(['PERSON', 'SOURCE', 'LEAVES', 'BY', 'STATE', 'REASON'], rows, screen),
    '',
    screen.colour.dim('`rollcall reinstate WHO --reason "..."` takes such a word back.'),
  ];
}

/** Such as `verified inactive after 0.4 s`. */
function stateOf(
  { actedAt, dueAt, arrivedAt, run, held, deactivatedAt, verifiedAt }: ToldDeparture,
  now: Date,
): string {
  const due = Date.parse(dueAt);
  const since = Math.max(Date.parse(arrivedAt), due);
  if (verifiedAt !== null)
    return `verified inactive after ${durationInWords(Date.parse(verifiedAt) - since)}`;
  if (deactivatedAt !== null) return 'deactivated';
  if (held) return `held in plan ${run}`;
  if (run !== null) return `run ${run}`;
  if (actedAt !== null) return 'no account';
  return due > now.getTime() ? 'to come' : 'due';
}
