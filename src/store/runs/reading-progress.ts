/** How far the reading of a run is, as the process that reads tells it every few seconds. */
import type { Kysely } from 'kysely';
import type { Database, ReadSoFar } from '../schema.ts';
import { latestCompleteRun, type Run } from './runs.ts';

/** How far it is, and what it may come to. */
export interface ReadingProgress extends ReadSoFar {
  /** What the last whole reading came to; undefined of a delta, and where there was none. */
  readonly expected: ReadSoFar | undefined;
}

/** Whether a reading may still come to what the last one did. There may be more by now: then nobody knows how many. */
export const isWithin = <Expected extends ReadSoFar>(
  { identities, profiles }: ReadSoFar,
  expected: Expected | null | undefined,
): expected is Expected =>
  expected != null && identities <= expected.identities && profiles <= expected.profiles;

/** What a run's reading may come to. */
export async function expectedReading(
  db: Kysely<Database>,
  { source_id, reading }: Pick<Run, 'source_id' | 'reading'>,
): Promise<ReadSoFar | undefined> {
  if (reading === 'delta') return undefined;
  const summary = (await latestCompleteRun(db, source_id))?.summary ?? undefined;
  return summary && { identities: summary.identities, profiles: summary.profiles };
}

/** @returns undefined where nothing is being read */
export async function readingProgress(db: Kysely<Database>, run: Run): Promise<ReadingProgress | undefined> {
  if (run.state !== 'reading') return undefined;
  return {
    identities: run.identities_read ?? 0,
    profiles: run.profiles_read ?? 0,
    expected: await expectedReading(db, run),
  };
}
