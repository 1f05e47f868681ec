/** `rollcall undo RUN`: a plan that reverses that run's deactivations. */
import { undoNamed } from '../../acts/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Session } from '../session.ts';
import { unlessRefused } from '../unless-refused.ts';
import { approve } from './approve.ts';
import { showRun } from './runs.ts';

export interface UndoOptions {
  /** Approves the plan at once, for this reason. */
  readonly reason?: string;
}

export async function undo(session: Session, run: string, { reason }: UndoOptions): Promise<ExitCode> {
  const plan = await session.withEngine(async (engine) => {
    const { run: id } = unlessRefused(await undoNamed({ engine, actor: session.actor }, run));
    if (reason === undefined) await showRun(session, engine.store.db, id, false);
    return id;
  });
  return reason === undefined ? exitCodes.held : await approve(session, plan, { reason, wait: true });
}
