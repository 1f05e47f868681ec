/** Takes a requested run to its plan, or to a failure that says why; never leaves it in between. */
import { audit } from '../audit/index.ts';
import type { RunId } from '../store/operations/operation.ts';
import { beginRun, failRun, interruptRun, type Run, renewRunLease } from '../store/runs/runs.ts';
import type { ReadSoFar, RunSummary } from '../store/schema.ts';
import { makePlan } from './make-plan.ts';
import { type PlanMeans, type PlanProgress, withProgress } from './plan-means.ts';
import { noteUnread } from './reading/quarantine.ts';
import { resumeExecution } from './word/resume.ts';

/** With the seconds that it takes others to look, one that is killed keeps its source for no longer than 15 s. */
const leaseMs = 12_000;
/** As often people see how far a reading is. */
const renewEveryMs = 1_500;

/** How far a run was taken. */
export type Conducted =
  | { readonly kind: 'planned'; readonly summary: RunSummary }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Another run is reading the same source, or somebody else has taken this one. */
  | { readonly kind: 'busy' };

/**
 * Conducts one run under a lease of its own, which is renewed until it is done.
 *
 * @param owner - the process that has it
 * @param traced - what the work is done in once the run is ours; a run that is not is no work, and leaves no trace
 */
export async function conductRun(
  id: RunId,
  owner: string,
  means: PlanMeans,
  traced = (work: () => Promise<Conducted>): Promise<Conducted> => work(),
): Promise<Conducted> {
  const { db } = means;
  const run = await beginRun(db, id, owner, leaseMs);
  if (run === undefined) return { kind: 'busy' };
  return await traced(() => conductBegun(run, means));
}

async function conductBegun(run: Run, means: PlanMeans): Promise<Conducted> {
  const { db, log } = means;
  const { id } = run;
  let soFar: ReadSoFar = { identities: 0, profiles: 0 };
  const onProgress = (progress: PlanProgress): void => {
    soFar = withProgress(soFar, progress);
    means.onProgress(progress);
  };
  let isRenewing = false;
  const renewal = setInterval(() => {
    // A store that is slow to answer is not asked again meanwhile: the pool's connections are few.
    if (isRenewing) return;
    isRenewing = true;
    renewRunLease(db, id, leaseMs, soFar)
      .catch((error: unknown) => {
        log.error({ event: 'lease.failed', run: id, err: error }, 'The lease of a run could not be renewed.');
      })
      .finally(() => {
        isRenewing = false;
      });
  }, renewEveryMs);
  try {
    const summary = await makePlan(run, { ...means, onProgress });
    log.info(
      { event: 'run.planned', run: id, source: run.source_id, mode: run.mode, ...summary },
      'A plan was made.',
    );
    // The key was good enough to read the whole org just now: what it was refused for is worth another try.
    await resumeExecution(db, log, means.now());
    return { kind: 'planned', summary };
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    log.error({ event: 'run.failed', run: id, source: run.source_id, err: error }, sentence);
    await (means.signal.aborted ? interruptRun : failRun)(db, id, sentence);
    await audit(
      db,
      [{ actor: run.actor, action: 'run.failed', run: id, source: run.source_id, reason: sentence }],
      means.now(),
    );
    await noteUnread(run, error, means);
    return { kind: 'failed', error };
  } finally {
    clearInterval(renewal);
  }
}
