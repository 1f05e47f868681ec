/** Follows a run until nothing more happens to it by itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { settleRun } from '../../plan/index.ts';
import { countInFile } from '../../store/operations/bulk.ts';
import type { OperationState, RunId } from '../../store/operations/operation.ts';
import { countByState } from '../../store/operations/operations.ts';
import { type Run, runOf } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';

/** How far a run has come. */
export interface RunProgress {
  readonly run: Run;
  readonly counts: ReadonlyMap<OperationState, number>;
  /** How many are being created as the rows of one file. */
  readonly inFile: number;
}

/** Why nothing more happens to a run by itself for now. */
export interface Halt {
  /** `meant`: an operator's pause, or a maintenance window. `trouble`: something is in the way, such as a key that is refused. */
  readonly kind: 'meant' | 'trouble';
  readonly sentence: string;
}

/** How a run was when nothing more happened to it by itself. */
export type WaitEnd = RunProgress & {
  /** Undefined where the run has come to rest. */
  readonly halt: Halt | undefined;
  /** Of those whom it deactivated, how many are active by the org's own word; why that isn't known. */
  readonly unconfirmed: number;
  readonly unverified: string | undefined;
};

const everyMs = 250;
/** Counting takes no more than about one part of the time in so many: of a million operations it takes long. */
const countingShare = 50;
/** However long it takes. */
const countAtLeastEveryMs = 5_000;
const nothingVerified = { unconfirmed: 0, unverified: undefined } as const;

/**
 * Resolves when the run has ended, waits for approval, is paused, or is given up.
 *
 * @param givesUp - why there is no point in waiting any longer, if so
 */
export async function waitForRun(
  db: Kysely<Database>,
  id: RunId,
  signal: AbortSignal,
  onProgress: (progress: RunProgress) => void = () => undefined,
  givesUp: (progress: RunProgress) => Promise<Halt | undefined> = async () => undefined,
): Promise<WaitEnd> {
  let counted = { counts: new Map() as RunProgress['counts'], inFile: 0 };
  let countAgainAt = 0;
  for (;;) {
    await settleRun(db, id);
    const run = await runOf(db, id);
    if (run === undefined) throw new Error(`Run ${id} is not in the store any more.`);
    const begun = performance.now();
    const isCounted = isAtRest(run) || begun >= countAgainAt;
    if (isCounted) {
      counted = await countOf(db, id);
      const tookMs = performance.now() - begun;
      countAgainAt = begun + Math.min(tookMs * countingShare, countAtLeastEveryMs);
    }
    const progress = { run, ...counted };
    onProgress(progress);
    if (isAtRest(run)) return { ...progress, halt: undefined, ...nothingVerified };
    const halt = await givesUp(progress);
    if (halt !== undefined && isCounted) return { ...progress, halt, ...nothingVerified };
    // Nobody gives up by what was counted a while ago.
    if (halt !== undefined) countAgainAt = 0;
    else await sleep(everyMs, undefined, { signal });
  }
}

async function countOf(db: Kysely<Database>, id: RunId): Promise<Pick<RunProgress, 'counts' | 'inFile'>> {
  const counts = await countByState(db, id);
  return { counts, inFile: counts.has('running') ? await countInFile(db, id) : 0 };
}

/** Whether nothing more happens to a run by itself. */
export const isAtRest = ({ state }: Run): boolean =>
  state !== 'requested' && state !== 'reading' && state !== 'executing';
