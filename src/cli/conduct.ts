/** Makes a run's plan in this process, showing how far it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfiguredSource, Engine } from '../engine/index.ts';
import type { PlanProgress } from '../plan/index.ts';
import type { RunId } from '../store/operation.ts';
import { runOf } from '../store/runs.ts';
import { type ExitCode, exitCodes, explain } from './exit.ts';
import type { Session } from './session.ts';

const patienceMs = 500;

/** @returns undefined where the plan is made; else the exit status of what kept it from being made, which has been told */
export async function conductHere(
  session: Session,
  engine: Engine,
  source: ConfiguredSource,
  run: RunId,
): Promise<ExitCode | undefined> {
  const { terminal, signal } = session;
  const bar = terminal.progress(`Reading ${source.id}`);
  try {
    for (let isTold = false; ; ) {
      const conducted = await engine.conduct(run, source, signal, (progress) =>
        bar.update(inWords(progress)),
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

function inWords(progress: PlanProgress): { readonly done: number; readonly text: string } {
  switch (progress.stage) {
    case 'org':
      return { done: progress.profiles, text: `${progress.profiles} profiles of the org` };
    case 'source':
      return { done: progress.identities, text: `${progress.identities} people of the source` };
    case 'plan':
      return { done: 0, text: 'comparing' };
    default:
      return progress satisfies never;
  }
}
