/** Makes a run's plan in this process, showing how far it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfiguredSource, Engine } from '../engine/index.ts';
import { withProgress } from '../plan/index.ts';
import type { RunId } from '../store/operations/operation.ts';
import { expectedReading } from '../store/runs/reading-progress.ts';
import { runOf } from '../store/runs/runs.ts';
import type { ReadSoFar } from '../store/schema.ts';
import { type ExitCode, exitCodes, explain } from './exit.ts';
import type { Means } from './means.ts';
import { readingUpdate } from './reading.ts';

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
  const { db } = engine.store;
  const begun = await runOf(db, run);
  const expected = begun && (await expectedReading(db, begun));
  let soFar: ReadSoFar = { identities: 0, profiles: 0 };
  try {
    for (let isTold = false; ; ) {
      const conducted = await engine.conduct(run, source, signal, (progress) => {
        soFar = withProgress(soFar, progress);
        bar.update(
          progress.stage === 'plan' ? { done: 0, text: 'comparing' } : readingUpdate(soFar, expected),
        );
      });
      if (conducted.kind === 'planned') return undefined;
      if (conducted.kind === 'failed') {
        const { sentence, code } = explain(conducted.error);
        bar.stop();
        terminal.note(sentence);
        return code;
      }
      const taken = await runOf(db, run);
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
