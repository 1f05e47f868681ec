import type { Kysely } from 'kysely';
import type { RunId } from '../store/operation.ts';
import { operations } from '../store/operations.ts';
import { findingsOf, runOf } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import { UsageError } from './exit.ts';
import type { PlanView } from './render/index.ts';

/**
 * A run with all of its plan.
 *
 * @throws {UsageError} where there is no such run
 */
export async function planView(db: Kysely<Database>, id: RunId): Promise<PlanView> {
  const run = await runOf(db, id);
  if (run === undefined) throw new UsageError(`There is no run ${id}. \`rollcall runs\` lists the latest.`);
  return { run, operations: await operations(db, { run: id }), findings: await findingsOf(db, id) };
}
