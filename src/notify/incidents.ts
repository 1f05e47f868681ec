/** When people are told of what is wrong: once when it begins, again while it lasts, and once when it is over. Pure. */
import type { AlertEvent } from '../../config/index.ts';
import type { AlertPhase, Incident, IncidentFacts } from '../store/incidents/incident.ts';

/** Something that is wrong at this moment. */
export interface Condition {
  readonly key: string;
  readonly event: AlertEvent;
  readonly facts: IncidentFacts;
}

export interface Outlook {
  readonly conditions: readonly Condition[];
  /** Of which events nothing is certain: their incidents stay as they are, and nobody is told anything. */
  readonly unknown: ReadonlySet<AlertEvent>;
}

export interface TellingRules {
  /** What begins, or ends, within this time is told together; what is over sooner is not told. */
  readonly groupMs: number;
  /** After this time what lasts is told again; undefined for never. */
  readonly repeatMs: number | undefined;
}

/** Incidents of one kind of which people are told in one message. */
export interface Telling {
  readonly event: AlertEvent;
  readonly phase: Exclude<AlertPhase, 'test'>;
  readonly incidents: readonly Incident[];
}

export interface Advanced {
  /** What is to be kept in place of what was. */
  readonly incidents: readonly Incident[];
  readonly tellings: readonly Telling[];
}

/** Brings the incidents up to what is wrong now, and says what people are to be told. */
export function advance(
  before: readonly Incident[],
  outlook: Outlook,
  now: Date,
  rules: TellingRules,
): Advanced {
  const current = seen(before, outlook, now);
  const events = new Set(current.map(({ event }) => event));
  const tellings = [...events]
    .filter((event) => !outlook.unknown.has(event))
    .flatMap((event) =>
      tellingsOf(
        event,
        current.filter((one) => one.event === event),
        now,
        rules,
      ),
    );
  const told = new Map(
    tellings.flatMap(({ phase, incidents }) => incidents.map((one) => [one.key, phase] as const)),
  );
  const incidents = current.flatMap((incident) => {
    const phase = told.get(incident.key);
    if (phase === undefined) return [incident];
    return phase === 'resolved' ? [] : [{ ...incident, toldAt: now }];
  });
  return { incidents, tellings };
}

/** The incidents as they stand, those of which nobody needs to hear left out. */
function seen(before: readonly Incident[], { conditions, unknown }: Outlook, now: Date): readonly Incident[] {
  const known = new Set(before.map(({ key }) => key));
  const standing = new Map(conditions.map((condition) => [condition.key, condition]));
  const begun = [...standing.values()]
    .filter(({ key }) => !known.has(key))
    .map((condition) => ({ ...condition, openedAt: now, toldAt: undefined, overSince: undefined }));
  const goneOn = before.flatMap((incident): readonly Incident[] => {
    const condition = standing.get(incident.key);
    if (condition !== undefined) return [{ ...incident, facts: condition.facts, overSince: undefined }];
    if (unknown.has(incident.event)) return [incident];
    // It came and went before anybody was told.
    if (incident.toldAt === undefined) return [];
    return [{ ...incident, overSince: incident.overSince ?? now }];
  });
  return [...goneOn, ...begun];
}

function tellingsOf(
  event: AlertEvent,
  incidents: readonly Incident[],
  now: Date,
  { groupMs, repeatMs }: TellingRules,
): readonly Telling[] {
  const since = (at: Date): number => now.getTime() - at.getTime();
  const fresh = incidents.filter(({ toldAt, overSince }) => toldAt === undefined && overSince === undefined);
  const over = incidents.filter(({ overSince }) => overSince !== undefined);
  const opened = fresh.some(({ openedAt }) => since(openedAt) >= groupMs) ? fresh : [];
  const resolved = over.some(({ overSince }) => overSince !== undefined && since(overSince) >= groupMs)
    ? over
    : [];
  const lasting = incidents.filter(
    ({ toldAt, overSince }) =>
      toldAt !== undefined && overSince === undefined && repeatMs !== undefined && since(toldAt) >= repeatMs,
  );
  return [
    { event, phase: 'resolved', incidents: resolved } as const,
    { event, phase: 'opened', incidents: opened } as const,
    { event, phase: 'lasting', incidents: lasting } as const,
  ].filter((telling) => telling.incidents.length > 0);
}
