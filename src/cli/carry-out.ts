/** Carries a run out, or waits for those who do, with a progress bar. */
import { progressOf } from '../acts/index.ts';
import { carryOutRun, type Engine, type WaitEnd } from '../engine/index.ts';
import type { RunId } from '../store/operation.ts';

import type { Session } from './session.ts';

export async function carryOutWithBar(
  { terminal, signal }: Session,
  engine: Engine,
  run: RunId,
): Promise<WaitEnd> {
  const bar = terminal.progress(`Run ${run}`);
  const onProgress = ({ counts, inFile }: Pick<WaitEnd, 'counts' | 'inFile'>): void => {
    const { ended, total } = progressOf(counts);
    bar.update({ done: ended, total, text: inFile === 0 ? 'operations' : `operations, ${inFile} in a file` });
  };
  return await carryOutRun(engine, run, signal, onProgress).finally(() => bar.stop());
}
