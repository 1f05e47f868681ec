/**
 * Does for the embedded store what autovacuum does for a server: PGlite has no such process. Without it, what was changed or
 * deleted takes up room for ever, and the planner knows nothing of what is in the tables.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const usualPauseMs = 15_000;

/** As autovacuum decides it: https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM */
const dueSql = `
  SELECT format('%I.%I', stat.schemaname, stat.relname) AS table,
    stat.n_dead_tup > 50 + 0.2 * greatest(class.reltuples, 0) AS "isFull"
  FROM pg_stat_user_tables AS stat JOIN pg_class AS class ON class.oid = stat.relid
  WHERE stat.n_dead_tup > 50 + 0.2 * greatest(class.reltuples, 0)
    OR stat.n_mod_since_analyze > 50 + 0.1 * greatest(class.reltuples, 0)`;

type DueTable = { readonly table: string; readonly isFull: boolean };

export type Upkeep = {
  /** Waits for the table that it is at. */
  stop(): Promise<void>;
};

/**
 * Begins with it, by the pool's connections. What fails is told and tried again.
 *
 * @param pauseMs - between two looks
 */
export function startUpkeep(pool: pg.Pool, onError: (error: Error) => void, pauseMs = usualPauseMs): Upkeep {
  const stopping = new AbortController();
  const { signal } = stopping;
  const round = async (): Promise<void> => {
    // PGlite counts, but brings its counters up to date only when it is asked to.
    await pool.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await pool.query<DueTable>(dueSql);
    for (const { table, isFull } of rows) {
      if (signal.aborted) return;
      await pool.query(`${isFull ? 'VACUUM (ANALYZE)' : 'ANALYZE'} ${table}`);
    }
  };
  const rounds = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(pauseMs, undefined, { ref: false, signal }).catch(() => {});
      if (!signal.aborted)
        await round().catch((error: unknown) =>
          onError(error instanceof Error ? error : new Error(String(error))),
        );
    }
  };
  const work = rounds();
  return {
    stop: async () => {
      stopping.abort();
      await work;
    },
  };
}
