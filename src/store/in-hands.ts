/** What taking an operation means, however it is taken. */
import { type ExpressionBuilder, sql } from 'kysely';
import { inMs } from './runs.ts';
import type { Database } from './schema.ts';

/** An operation that is in `owner`'s hands now, and in the queue no more. */
export const inHandsOf = (owner: string, leaseMs: number) =>
  ({
    state: 'running',
    lease_owner: owner,
    lease_until: inMs(leaseMs),
    dispatched_at: null,
  }) as const;

/** Nothing is taken, or put into the queue, while execution is paused. */
export const isUnpaused = ({ not, exists, selectFrom }: ExpressionBuilder<Database, 'operations'>) =>
  not(exists(selectFrom('pauses').select(sql<number>`1`.as('one'))));
