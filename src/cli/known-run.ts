import type { Kysely } from 'kysely';
import type { RunId } from '../store/operation.ts';
import { type Run, runOf } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import { UsageError } from './exit.ts';

/**
 * The run that somebody named: a mistyped id must not look like a run without operations.
 *
 * @throws {UsageError} where there is none
 */
export async function knownRun(db: Kysely<Database>, id: string): Promise<Run> {
  const run = await runOf(db, id as RunId);
  if (run === undefined) throw new UsageError(`There is no run ${id}. \`rollcall runs\` lists the latest.`);
  return run;
}
