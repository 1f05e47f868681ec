/** What taking an operation means, however it is taken, and when none may be. */
import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
import { inMs } from '../runs/runs.ts';
import type { Database } from '../schema.ts';

/** An operation that is in `owner`'s hands now, and in the queue no more. */
export const inHandsOf = (owner: string, leaseMs: number) =>
  ({
    state: 'running',
    lease_owner: owner,
    lease_until: inMs(leaseMs),
    dispatched_at: null,
  }) as const;

/** A time in which nothing is taken, by the store's own clock. */
export interface ClosedTime {
  readonly from: Date;
  readonly until: Date;
  /** Whether deactivations are taken all the same. */
  readonly leavers: 'go' | 'wait';
}

/**
 * Whether an operation may be taken, or put into the queue, now: neither is everything paused nor its source, and no
 * maintenance window is in force.
 */
export const isReleased =
  (closed: readonly ClosedTime[]) =>
  ({ and, not, exists, selectFrom }: ExpressionBuilder<Database, 'operations'>) =>
    and([
      not(
        exists(
          selectFrom('pauses')
            .select(sql<number>`1`.as('one'))
            .where(inForce)
            .where(({ or, eb }) =>
              or([
                eb('pauses.source_id', 'is', null),
                eb.and([
                  eb('pauses.source_id', '=', eb.ref('operations.source_id')),
                  not(isWantedAlthoughPaused),
                ]),
              ]),
            )
            .where(({ not, and, eb }) => not(and([eb('pauses.leavers', '=', 'go'), isOnSomebodysWord]))),
        ),
      ),
      ...(closed.length === 0 ? [] : [not(isWithin(closed))]),
    ]);

/** Of a pause: it has not ended by itself. */
export const inForce = sql<boolean>`(pauses.until_at IS NULL OR pauses.until_at > now())`;

/** HR or an operator says by name that they left. What a source tells, leave dates included, is no such word. */
const isOnSomebodysWord = sql<boolean>`operations.kind = 'deactivate' AND EXISTS (
  SELECT 1 FROM departures
  WHERE departures.source_id = operations.source_id AND departures.anchor = operations.anchor
    AND departures.cause <> 'leave-date' AND departures.ended_at IS NULL AND departures.due_at <= now()
)`;

const isWantedAlthoughPaused = sql<boolean>`EXISTS (
  SELECT 1 FROM runs WHERE runs.id = operations.run_id AND runs.although_paused
)`;

function isWithin(closed: readonly ClosedTime[]): RawBuilder<boolean> {
  const times = closed.map(
    ({ from, until, leavers }) =>
      sql`(now() >= ${from} AND now() < ${until} AND ${leavers === 'wait' ? sql`true` : sql`operations.kind <> 'deactivate'`})`,
  );
  return sql<boolean>`(${sql.join(times, sql` OR `)})`;
}
