/** What is wrong: kept, so that whoever looks next knows what people were told already. */
import { isDeepStrictEqual } from 'node:util';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database, IncidentTable } from '../schema.ts';
import type { Incident } from './incident.ts';

/** All open ones, the oldest first. */
export async function incidents(db: Kysely<Database>): Promise<readonly Incident[]> {
  const rows = await db.selectFrom('incidents').selectAll().orderBy('opened_at').orderBy('key').execute();
  return rows.map(toIncident);
}

/** Puts these in the place of all that were kept. */
export async function keepIncidents(
  tx: Transaction<Database>,
  before: readonly Incident[],
  after: readonly Incident[],
): Promise<void> {
  const kept = new Set(after.map(({ key }) => key));
  const ended = before.map(({ key }) => key).filter((key) => !kept.has(key));
  if (ended.length > 0) await tx.deleteFrom('incidents').where('key', 'in', ended).execute();
  const known = new Map(before.map((one) => [one.key, one]));
  for (const incident of after) {
    if (isDeepStrictEqual(known.get(incident.key), incident)) continue;
    const { key, ...row } = toRow(incident);
    await tx
      .insertInto('incidents')
      .values({ key, ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute();
  }
}

const toRow = ({ key, event, openedAt, toldAt, overSince, facts }: Incident) => ({
  key,
  event,
  opened_at: openedAt,
  told_at: toldAt ?? null,
  over_since: overSince ?? null,
  facts: JSON.stringify(facts),
});

const toIncident = (row: Selectable<IncidentTable>): Incident => ({
  key: row.key,
  event: row.event,
  openedAt: row.opened_at,
  toldAt: row.told_at ?? undefined,
  overSince: row.over_since ?? undefined,
  facts: row.facts,
});
