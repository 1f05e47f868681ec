import type { Kysely } from 'kysely';
import type { OperationState } from '../store/operations/operation.ts';
import { countsOfRuns } from '../store/runs/run-counts.ts';
import type { Run } from '../store/runs/runs.ts';
import type { Database } from '../store/schema.ts';

/** A run, with how far it has come. */
export interface CountedRun {
  readonly run: Run;
  /** How many of its operations are in which state. */
  readonly counts: ReadonlyMap<OperationState, number>;
}

/** Counts the operations of all these runs in one query. */
export async function counted(db: Kysely<Database>, runs: readonly Run[]): Promise<readonly CountedRun[]> {
  const counts = await countsOfRuns(
    db,
    runs.map(({ id }) => id),
  );
  return runs.map((run) => ({ run, counts: counts.get(run.id) ?? new Map() }));
}
