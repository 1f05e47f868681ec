/** `rollcall undo RUN`: a plan that reverses that run's deactivations. */
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Session } from '../session.ts';
import { approveWith } from './approve.ts';
import { showPlan } from './show-plan.ts';

export interface UndoOptions {
  /** Approves the plan at once, for this reason. */
  readonly reason?: string;
}

export async function undo(session: Session, run: string, { reason }: UndoOptions): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const plan = await rollcall.undo(run);
    if (reason !== undefined) return await approveWith(session, rollcall, plan, { reason, wait: true });
    showPlan(session, await rollcall.plan(plan), false);
    return exitCodes.held;
  });
}
