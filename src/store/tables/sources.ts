/** What is remembered of each source from one reading to the next. */
import type { ColumnType, Generated } from 'kysely';
import type { Cursor } from '../../../connectors/connector.ts';
import type { SourceId } from '../../identity/identity.ts';
import type { RunId } from '../operations/operation.ts';
import type { Json } from './column.ts';
import type { ReadingMode } from './runs.ts';

/** Who was there in a source's last whole reading that could be trusted: what the next one is measured against. */
export interface TrustedReadingTable {
  source_id: SourceId;
  run_id: RunId;
  at: Date;
  /** By container: its path, and the marks of its people in base64, four bytes each. */
  branches: Json<readonly { readonly path: readonly string[]; readonly marks: string }[]>;
}

/** From where on a source's changes are to be read next. */
export interface CursorTable {
  source_id: SourceId;
  cursor: Cursor;
  /** Of everything that decides what a change means: with another one, the cursor is worth nothing. */
  fingerprint: string;
  /** The run whose plan stands for everything before the cursor. */
  run_id: RunId;
  at: ColumnType<Date, never, Date>;
}

/** A source that tells by itself that something has changed. */
export interface WatchTable {
  source_id: SourceId;
  /** What its connector remembers of the arrangement; null for none. */
  kept: string | null;
  /** When the arrangement has to be seen to. */
  due_at: Generated<Date>;
  /** Somebody sees to it until then. */
  claimed_until: Date | null;
  /** Since when there are changes for which no run was requested yet. */
  news_since: Date | null;
  run_requested_at: Date | null;
  /** Why it could not be arranged the last time; null where it stands. */
  trouble: string | null;
}

/** A source of which readings failed lately, or could not be trusted. */
export interface QuarantineTable {
  source_id: SourceId;
  /** In a row, whole readings and deltas apart: the one kind says nothing of the other. */
  failed_wholes: Generated<number>;
  failed_deltas: Generated<number>;
  /** What was wrong the last time; null, as `since`, where it is not in quarantine yet. */
  reason: string | null;
  since: Date | null;
  /** How often it failed in quarantine, and when it is tried again. */
  tries: Generated<number>;
  next_try_at: Date | null;
}

/** How far each schedule has been seen to. */
export interface ScheduleTable {
  source_id: SourceId;
  reading: ReadingMode;
  /** With its time zone: another pattern is another schedule, which begins when it is first seen. */
  pattern: string;
  /** What the delays of its times are drawn from. */
  seed: Generated<string>;
  /** Up to this time, everything that was due was taken. */
  taken_until: Generated<Date>;
}
