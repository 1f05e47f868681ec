import type { Kysely } from 'kysely';
import { overtakenIn } from '../plan/index.ts';
import type { RunId } from '../store/operation.ts';
import { operations } from '../store/operations.ts';
import { findingsOf, type Run, runOf } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import { UsageError } from './exit.ts';
import type { PlanView } from './render/index.ts';

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

/**
 * A run with all of its plan.
 *
 * @throws {UsageError} where there is none
 */
export async function planView(db: Kysely<Database>, id: string): Promise<PlanView> {
  const run = await knownRun(db, id);
  const { byOthers, unwanted } = await overtakenIn(db, run);
  return {
    run,
    operations: await operations(db, { run: run.id }),
    findings: await findingsOf(db, run.id),
    overtaken: byOthers.length + unwanted.length,
  };
}
