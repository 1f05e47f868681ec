import type { Kysely } from 'kysely';
import type { RunId } from '../store/operations/operation.ts';
import { latestRuns, type Run, runOf } from '../store/runs/runs.ts';
import type { Database } from '../store/schema.ts';
import { didYouMean } from '../words/did-you-mean.ts';
import { type Refusal, refuse } from './refusal.ts';

/** A mistyped id is told beside the one that was meant, if it is among so many. */
const amongLatest = 200;

/** The run that somebody named: a mistyped id must not look like a run without operations. */
export async function runNamed(
  db: Kysely<Database>,
  id: string,
  called: 'run' | 'plan' = 'run',
): Promise<{ readonly kind: 'found'; readonly run: Run } | Refusal> {
  const run = await runOf(db, id as RunId);
  if (run !== undefined) return { kind: 'found', run };
  const latest = await latestRuns(db, amongLatest);
  const nearest = didYouMean(
    id,
    latest.map((one) => one.id),
  );
  return refuse('unknown', `There is no ${called} ${id}.${nearest}`, '`rollcall runs` lists the latest.');
}
