import type { Kysely } from 'kysely';
import { overtakenIn } from '../plan/index.ts';
import { type Operation, operations } from '../store/operations/operations.ts';
import { findingsOf, type Run, type RunFinding } from '../store/runs/runs.ts';
import type { Database } from '../store/schema.ts';

/** A run with what it plans, and those for whom it plans nothing. */
export interface PlanView {
  readonly run: Run;
  readonly operations: readonly Operation[];
  readonly findings: readonly RunFinding[];
  /** How many of those that wait reality has overtaken. */
  readonly overtaken?: number;
}

/** A run with all of its plan. */
export async function viewPlan(db: Kysely<Database>, run: Run): Promise<PlanView> {
  return {
    run,
    operations: await operations(db, { run: run.id }),
    findings: await findingsOf(db, run.id),
    overtaken: await overtakenCount(db, run),
  };
}

/** How many of a plan's operations that wait reality has overtaken. */
export async function overtakenCount(db: Kysely<Database>, run: Run): Promise<number> {
  const { byOthers, unwanted } = await overtakenIn(db, run);
  return byOthers.length + unwanted.length;
}
