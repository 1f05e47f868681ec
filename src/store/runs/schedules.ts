/** How far each schedule has been seen to, by the store's own clock: whoever takes a tick has it alone. */
import { type Kysely, sql } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { Database, ReadingMode } from '../schema.ts';

/** Which schedule it is. */
export interface ScheduleKey {
  readonly source: SourceId;
  readonly reading: ReadingMode;
  /** With its time zone: another pattern is another schedule. */
  readonly pattern: string;
}

/** How far a schedule was seen to. */
export interface KeptSchedule extends ScheduleKey {
  readonly seed: string;
  readonly takenUntil: Date;
}

/** Begins to count from now on for schedules that are not known yet: what was due before is nobody's. */
export async function expectSchedules(db: Kysely<Database>, keys: readonly ScheduleKey[]): Promise<void> {
  if (keys.length === 0) return;
  await db
    .insertInto('schedules')
    .values(keys.map(({ source, reading, pattern }) => ({ source_id: source, reading, pattern })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Forgets all others: the configuration does not have them any more. */
export async function forgetOtherSchedules(
  db: Kysely<Database>,
  keys: readonly ScheduleKey[],
): Promise<void> {
  const kept = keys.map(({ source, reading, pattern }) => `${source} ${reading} ${pattern}`);
  await db
    .deleteFrom('schedules')
    .where(sql<boolean>`source_id || ' ' || reading || ' ' || pattern <> ALL(${kept})`)
    .execute();
}

/** All that are kept, and what time it is by the store's clock. */
export async function keptSchedules(
  db: Kysely<Database>,
): Promise<{ readonly now: Date; readonly schedules: readonly KeptSchedule[] }> {
  const { rows } = await sql<{ now: Date }>`SELECT now() AS now`.execute(db);
  const kept = await db.selectFrom('schedules').selectAll().execute();
  return {
    now: rows[0]?.now ?? new Date(),
    schedules: kept.map(({ source_id, reading, pattern, seed, taken_until }) => ({
      source: source_id,
      reading,
      pattern,
      seed,
      takenUntil: taken_until,
    })),
  };
}

/** Takes everything up to a tick. @returns false where somebody else has */
export async function takeTick(
  db: Kysely<Database>,
  { source, reading, pattern }: ScheduleKey,
  at: Date,
): Promise<boolean> {
  const taken = await db
    .updateTable('schedules')
    .set({ taken_until: at })
    .where('source_id', '=', source)
    .where('reading', '=', reading)
    .where('pattern', '=', pattern)
    .where('taken_until', '<', at)
    .returning('source_id')
    .execute();
  return taken.length === 1;
}

/** Counts from now on again where the clock was put back by more than this: what is to come was taken by mistake. */
export async function startOver(db: Kysely<Database>, byMoreThanMs: number): Promise<readonly SourceId[]> {
  const rows = await db
    .updateTable('schedules')
    .set({ taken_until: sql`now()` })
    .where('taken_until', '>', sql<Date>`now() + ${byMoreThanMs} * interval '1 millisecond'`)
    .returning('source_id')
    .execute();
  return rows.map(({ source_id }) => source_id);
}
