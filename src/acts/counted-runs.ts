import type { Kysely } from 'kysely';
import type { OperationState } from '../store/operation.ts';
import { countByState } from '../store/operations.ts';
import type { Run } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';

export interface CountedRun {
  readonly run: Run;
  /** How many of its operations are in which state. */
  readonly counts: ReadonlyMap<OperationState, number>;
}

export async function counted(db: Kysely<Database>, runs: readonly Run[]): Promise<readonly CountedRun[]> {
  return await Promise.all(runs.map(async (run) => ({ run, counts: await countByState(db, run.id) })));
}
