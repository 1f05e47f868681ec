/** Makes a run's plan in this process, showing how far it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfiguredSource, Engine } from '../engine/index.ts';
import type { PlanProgress } from '../plan/index.ts';
import type { RunId } from '../store/operations/operation.ts';
import { latestCompleteRun, runOf } from '../store/runs/runs.ts';
import type { RunSummary } from '../store/schema.ts';
import { type ExitCode, exitCodes, explain } from './exit.ts';
import type { Means } from './means.ts';
import type { ProgressUpdate } from './render/index.ts';

const patienceMs = 500;

/** @returns undefined where the plan is made; else the exit status of what kept it from being made, which has been told */
export async function conductHere(
  means: Means,
  engine: Engine,
  source: ConfiguredSource,
  run: RunId,
): Promise<ExitCode | undefined> {
  const { terminal, signal } = means;
  const bar = terminal.progress(`Reading ${source.id}`);
  const last = (await latestCompleteRun(engine.store.db, source.id))?.summary ?? undefined;
  try {
    for (let isTold = false; ; ) {
      const conducted = await engine.conduct(run, source, signal, (progress) =>
        bar.update(inWords(progress, last)),
      );
      if (conducted.kind === 'planned') return undefined;
      if (conducted.kind === 'failed') {
        const { sentence, code } = explain(conducted.error);
        bar.stop();
        terminal.note(sentence);
        return code;
      }
      const taken = await runOf(engine.store.db, run);
      // A service that has just started may have taken it: then the plan is being made, or made already.
      if (taken !== undefined && taken.state !== 'requested' && taken.state !== 'reading') {
        if (taken.state !== 'failed') return undefined;
        terminal.note(taken.error ?? 'The run failed.');
        return exitCodes.failed;
      }
      if (!isTold) terminal.note(`Another process is reading ${source.id}; waiting for it.`);
      isTold = true;
      await sleep(patienceMs, undefined, { signal });
    }
  } finally {
    bar.stop();
  }
}

/** How far a reading is. @param last - what the last whole reading came to, by which the time left can be told */
export function inWords(
  progress: PlanProgress,
  last: Pick<RunSummary, 'identities' | 'profiles'> | undefined,
): ProgressUpdate {
  switch (progress.stage) {
    case 'org':
      return outOf(progress.profiles, last?.profiles, 'profiles of the org');
    case 'source':
      return outOf(progress.identities, last?.identities, 'people of the source');
    case 'plan':
      return { done: 0, text: 'comparing' };
    default:
      return progress satisfies never;
  }
}

/** There may be more by now than the last time: then nobody knows how many. */
const outOf = (done: number, expected: number | undefined, what: string): ProgressUpdate =>
  expected === undefined || done > expected
    ? { done, text: `${done} ${what}` }
    : { done, total: expected, text: what };
