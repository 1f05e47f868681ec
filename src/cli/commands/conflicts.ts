/** `rollcall conflicts`: what a person must decide, with what to do about it, and what was decided. */
import { conflictsIn } from '../../acts/index.ts';
import { conflictsJson } from '../../json/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderConflicts } from '../render/index.ts';
import { chosenSources, type Session } from '../session.ts';

export interface ConflictsOptions {
  readonly source?: string;
}

export async function conflicts(session: Session, options: ConflictsOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const sources = chosenSources(engine, options.source);
    const views = await Promise.all(sources.map(({ id }) => conflictsIn(engine.store.db, id)));
    const { terminal } = session;
    if (session.isJson) terminal.json(views.map(conflictsJson));
    else for (const line of renderConflicts(views, terminal, new Date())) terminal.line(line);
    return exitCodes.done;
  });
}
