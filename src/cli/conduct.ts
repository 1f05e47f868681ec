/** Makes a run's plan in this process, showing how far it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfiguredSource, Engine } from '../engine/index.ts';
import type { PlanProgress } from '../plan/index.ts';
import type { RunId } from '../store/operation.ts';
import type { Session } from './session.ts';

const patienceMs = 500;

/** @throws what kept the run from making a plan */
export async function conductHere(
  { terminal, signal }: Session,
  engine: Engine,
  source: ConfiguredSource,
  run: RunId,
): Promise<void> {
  const bar = terminal.progress(`Reading ${source.id}`);
  try {
    for (let isTold = false; ; ) {
      const conducted = await engine.conduct(run, source, signal, (progress) =>
        bar.update(inWords(progress)),
      );
      if (conducted.kind === 'planned') return;
      if (conducted.kind === 'failed') throw conducted.error;
      if (!isTold) terminal.note(`Another run is reading ${source.id}; waiting for it.`);
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
