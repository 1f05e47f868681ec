import type { Kysely } from 'kysely';
import { overtakenIn } from '../plan/index.ts';
import type { RunId } from '../store/operation.ts';
import { operations } from '../store/operations.ts';
import { findingsOf, latestRuns, type Run, runOf } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import { didYouMean } from './did-you-mean.ts';
import { UsageError } from './exit.ts';
import type { PlanView } from './render/index.ts';

/** A mistyped id is told beside the one that was meant, if it is among so many. */
const amongLatest = 200;

/**
 * The run that somebody named: a mistyped id must not look like a run without operations.
 *
 * @throws {UsageError} where there is none
 */
export async function knownRun(
  db: Kysely<Database>,
  id: string,
  called: 'run' | 'plan' = 'run',
): Promise<Run> {
  const run = await runOf(db, id as RunId);
  if (run !== undefined) return run;
  const latest = await latestRuns(db, amongLatest);
  const nearest = didYouMean(
    id,
    latest.map((one) => one.id),
  );
  throw new UsageError(`There is no ${called} ${id}.${nearest} \`rollcall runs\` lists the latest.`);
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
