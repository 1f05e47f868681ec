/** What is wrong, and what people are told of it. */
import type { ColumnType, Generated } from 'kysely';
import type { AlertEvent } from '../../../config/index.ts';
import type { AlertContent, IncidentFacts } from '../incidents/incident.ts';
import type { Json } from './column.ts';

/** Something that is wrong, until it is over and people were told so. */
export interface IncidentTable {
  /** What tells it from all others, such as `run-failed:corp`. */
  key: string;
  event: AlertEvent;
  opened_at: Date;
  /** When people were last told that it lasts; null while they don't know yet. */
  told_at: Date | null;
  /** Since when it is over; null while it lasts. */
  over_since: Date | null;
  facts: Json<IncidentFacts>;
}

/** A message for one channel. Those of a channel go out one after the other. */
export interface AlertTable {
  seq: ColumnType<string, never, never>;
  /** The same in every channel, and in every try. */
  id: string;
  channel: string;
  content: Json<AlertContent>;
  made_at: ColumnType<Date, never, never>;
  attempts: Generated<number>;
  not_before: Generated<Date>;
  lease_owner: string | null;
  lease_until: Date | null;
  /** What the last try ended with. */
  trouble: string | null;
  /** Null while it waits. */
  state: 'sent' | 'dropped' | null;
  ended_at: Date | null;
}
