/** What is looked at when a day of the soak is over, and how a day passes. */
import { readdir, readFile } from 'node:fs/promises';
import { type Kysely, sql } from 'kysely';
import type { Engine } from '../src/engine/index.ts';
import type { Database } from '../src/store/schema.ts';
import { withClient } from '../test/servers/redis.ts';

/** How things stand at the end of a day. Sizes are of tables with their indexes. */
export interface Day {
  readonly day: number;
  readonly memoryMib: number;
  readonly openFiles: number;
  readonly databaseConnections: number;
  readonly redisConnections: number;
  readonly redisKeys: number;
  readonly runs: number;
  readonly operations: number;
  readonly runsMib: number;
  readonly operationsMib: number;
  readonly linksMib: number;
  readonly auditMib: number;
}

interface Places {
  readonly pid: number;
  readonly engine: Engine;
  readonly redisUrl: string;
}

export async function lookAt(day: number, { pid, engine, redisUrl }: Places): Promise<Day> {
  const { db } = engine.store;
  const { rows } = await sql<Pick<Day, 'databaseConnections' | 'runs' | 'operations'> & Sizes>`
    SELECT
      (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid())
        AS "databaseConnections",
      (SELECT count(*)::int FROM runs) AS runs,
      (SELECT count(*)::int FROM operations) AS operations,
      ${mibOf('runs')} AS "runsMib", ${mibOf('operations')} AS "operationsMib",
      ${mibOf('links')} AS "linksMib", ${mibOf('audit')} AS "auditMib"`.execute(db);
  const [store] = rows;
  if (store === undefined) throw new Error('The store did not answer.');
  const redis = await withClient(redisUrl, async (client) => ({
    redisConnections: String(await client.client('LIST'))
      .trim()
      .split('\n').length,
    redisKeys: await client.dbsize(),
  }));
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const memoryMib = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1_024);
  const openFiles = (await readdir(`/proc/${pid}/fd`)).length;
  return { day, memoryMib, openFiles, ...redis, ...store };
}

type Sizes = Pick<Day, 'runsMib' | 'operationsMib' | 'linksMib' | 'auditMib'>;

const mibOf = (table: string) => sql.raw(`round(pg_total_relation_size('${table}') / 1048576.0, 1)::float8`);

/** Entries of the audit log are sealed by their time, and stay as they are. */
const sealed = ['audit', 'audit_head', 'audit_verified'];

/** A day passes: whatever is remembered was a day earlier. Then the database tidies up, as it does by itself in a day. */
export async function ageStore(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ readonly table: string; readonly columns: readonly string[] }>`
    SELECT table_name AS table, array_agg(column_name::text) AS columns FROM information_schema.columns
    JOIN pg_tables ON tablename = table_name AND schemaname = table_schema
    WHERE table_schema = 'public' AND data_type = 'timestamp with time zone'
    GROUP BY table_name`.execute(db);
  for (const { table, columns } of rows.filter((row) => !sealed.includes(row.table))) {
    const older = columns.map((column) => `"${column}" = "${column}" - interval '1 day'`).join(', ');
    await sql.raw(`UPDATE "${table}" SET ${older}`).execute(db);
    await sql.raw(`VACUUM "${table}"`).execute(db);
  }
}
