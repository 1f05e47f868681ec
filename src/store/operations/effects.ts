/** What was done over time, for those who look back. */
import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { OperationKind } from './operation.ts';

/** One day's effects in the org, in UTC. */
export interface EffectsOfDay {
  /** Such as 2026-03-01. */
  readonly day: string;
  readonly kind: OperationKind;
  readonly count: number;
}

/** Days without any are not in it; nor is what retention has deleted. */
export async function effectsByDay(db: Kysely<Database>, since: Date): Promise<readonly EffectsOfDay[]> {
  const day = sql<string>`to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;
  const rows = await db
    .selectFrom('operations')
    .select(({ fn }) => [day.as('day'), 'kind', fn.countAll<string>().as('count')])
    .where('state', '=', 'done')
    .where('ended_at', '>=', since)
    .groupBy([day, 'kind'])
    .orderBy('day')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** How long leavers took, from the moment their word was due to the verified deactivation. */
export interface LeaverLatency {
  readonly people: number;
  readonly medianMs: number;
  readonly slowestMs: number;
}

/**
 * How long leavers took, from when they were to be inactive until they were found so; undefined where there
 * were none.
 */
export async function leaverLatency(db: Kysely<Database>, since: Date): Promise<LeaverLatency | undefined> {
  const took = sql<number>`extract(epoch FROM verified_at - greatest(due_at, arrived_at)) * 1000`;
  const row = await db
    .selectFrom('departures')
    .select([
      sql<string>`count(*)`.as('people'),
      sql<number>`percentile_cont(0.5) WITHIN GROUP (ORDER BY ${took})`.as('median'),
      sql<number>`max(${took})`.as('slowest'),
    ])
    .where('verified_at', '>=', since)
    // Whom a guard held waited for a person.
    .where('is_held', '=', false)
    .executeTakeFirstOrThrow();
  const people = Number(row.people);
  return people === 0 ? undefined : { people, medianMs: Number(row.median), slowestMs: Number(row.slowest) };
}
