/** Leave dates as the sources told them last: departures that follow their source. */
import { type Kysely, sql } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { Database } from '../schema.ts';
import type { DepartureId, KeptLeaveDate, LeaveDateChanges } from './departure.ts';
import { endDepartures, keepDepartures, moveDeparture, type NewDeparture } from './departures.ts';

/** The leave dates that stand: all of a source, or those of some people. */
export async function leaveDates(
  db: Kysely<Database>,
  source: SourceId,
  of?: readonly Anchor[],
): Promise<ReadonlyMap<Anchor, KeptLeaveDate>> {
  if (of?.length === 0) return new Map();
  let query = db
    .selectFrom('departures')
    .select(['id', 'anchor', 'due_at', 'acted_at'])
    .where('source_id', '=', source)
    .where('cause', '=', 'leave-date')
    .where('ended_at', 'is', null);
  if (of !== undefined) query = query.where(sql<boolean>`anchor = any(${of})`);
  const rows = await query.execute();
  return new Map(
    rows.map(({ id, anchor, due_at, acted_at }) => [
      anchor,
      { id, dueAt: due_at, isActedOn: acted_at !== null },
    ]),
  );
}

/** Moves, adds and ends leave dates as a reading told them. One that was acted on has ended when its date is another one. */
export async function keepLeaveDates(
  db: Kysely<Database>,
  source: SourceId,
  { set, dropped }: LeaveDateChanges,
  now: Date,
): Promise<void> {
  if (set.length + dropped.length === 0) return;
  const kept = await leaveDates(db, source);
  const words = { cause: 'leave-date', eventId: undefined, actor: 'source', arrivedAt: now } as const;
  const ended: DepartureId[] = dropped.flatMap((anchor) => kept.get(anchor)?.id ?? []);
  const fresh: NewDeparture[] = [];
  for (const { anchor, label, email, at } of set) {
    const reason = `The source says that they leave on ${at.toISOString()}.`;
    const before = kept.get(anchor);
    if (before !== undefined && !before.isActedOn) {
      await moveDeparture(db, before.id, { ...words, reason, dueAt: at });
      continue;
    }
    if (before !== undefined) ended.push(before.id);
    fresh.push({ source, anchor, label, email, ...words, reason, dueAt: at });
  }
  await endDepartures(db, ended, { actor: 'source', reason: 'The source says otherwise by now.' });
  await keepDepartures(db, fresh);
}
