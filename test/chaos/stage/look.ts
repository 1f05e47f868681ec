/** Looks into the store from outside, with plain SQL: not with the code that is being tested. */
import { join } from 'node:path';
import pg from 'pg';
import { currentOwner, isRunning } from '../../../src/store/embedded/ownership.ts';
import type { Stage } from '../../e2e/stage.ts';
import type { Ground } from './ground.ts';

export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface Look {
  /** @throws where the store is not there at this moment */
  rows(sql: string): Promise<Rows>;
}

export function lookInto(stage: Stage, ground: Ground): Look {
  const place = (): pg.ClientConfig => {
    if (ground.databaseUrl !== undefined) return { connectionString: ground.databaseUrl };
    const folder = join(stage.folder, 'store');
    const owner = currentOwner(folder);
    if (owner === undefined || !isRunning(owner)) throw new Error('Nobody has the embedded store open.');
    return { host: folder, port: owner.number, user: 'postgres', database: 'postgres' };
  };
  return {
    async rows(sql) {
      const client = new pg.Client({ ...place(), connectionTimeoutMillis: 30_000, query_timeout: 60_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

/** What still moves: operations that are queued or running, runs that are not at rest. */
export async function stillOpen(look: Look): Promise<number> {
  const [row] = await look.rows(`
    SELECT (SELECT count(*) FROM operations WHERE state IN ('queued', 'running'))
         + (SELECT count(*) FROM runs WHERE state IN ('requested', 'reading', 'executing')
             AND NOT (mode = 'plan' AND state = 'requested')) AS open`);
  return Number(row?.open);
}

/** Plans of which something waits for a person: held in a run, or a dry run. */
export async function waitingPlans(
  look: Look,
): Promise<readonly { readonly id: string; readonly isDryRun: boolean }[]> {
  const rows = await look.rows(`
    SELECT DISTINCT r.id, r.mode FROM runs r JOIN operations o ON o.run_id = r.id
    WHERE o.state IN ('planned', 'held') ORDER BY r.id`);
  return rows.map(({ id, mode }) => ({ id: String(id), isDryRun: mode === 'plan' }));
}
