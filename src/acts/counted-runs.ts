import type { Kysely } from 'kysely';
import type { OperationState } from '../store/operation.ts';
import { countsOfRuns } from '../store/run-counts.ts';
import type { Run } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';

export interface CountedRun {
  readonly run: Run;
  /** How many of its operations are in which state. */
  readonly counts: ReadonlyMap<OperationState, number>;
}

export async function counted(db: Kysely<Database>, runs: readonly Run[]): Promise<readonly CountedRun[]> {
  const counts = await countsOfRuns(
    db,
    runs.map(({ id }) => id),
  );
  return runs.map((run) => ({ run, counts: counts.get(run.id) ?? new Map() }));
}
