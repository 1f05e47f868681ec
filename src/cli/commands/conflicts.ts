/** `rollcall conflicts`: what a person must decide, with what to do about it, and what was decided. */
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderConflicts } from '../render/index.ts';
import type { Session } from '../session.ts';

export interface ConflictsOptions {
  readonly source?: string;
}

export async function conflicts(session: Session, { source }: ConflictsOptions): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const views = await rollcall.conflicts(source);
    const { terminal } = session;
    if (session.isJson) terminal.json(views);
    else for (const line of renderConflicts(views, terminal, new Date())) terminal.line(line);
    return exitCodes.done;
  });
}
