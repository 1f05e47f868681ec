/** `rollcall undo RUN`: a plan that reverses that run's deactivations. */
import { planUndo } from '../../plan/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { knownRun } from '../known-run.ts';
import type { Session } from '../session.ts';
import { approve } from './approve.ts';
import { showRun } from './runs.ts';

export interface UndoOptions {
  /** Approves the plan at once, for this reason. */
  readonly reason?: string;
}

export async function undo(session: Session, run: string, { reason }: UndoOptions): Promise<ExitCode> {
  const plan = await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const undone = await knownRun(db, run);
    const id = await planUndo(db, undone.id, session.actor, engine.config.guards.planExpiry, new Date());
    if (reason === undefined) await showRun(session, db, id, false);
    return id;
  });
  return reason === undefined ? exitCodes.held : await approve(session, plan, { reason, wait: true });
}
