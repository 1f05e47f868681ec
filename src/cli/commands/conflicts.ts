/** `rollcall conflicts`: what a person must decide, with what to do about it, and what was decided. */

import { rulings } from '../../store/rulings.ts';
import { findingsOf, latestCompleteRun } from '../../store/runs.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { type ConflictView, conflictsJson, renderConflicts } from '../render/index.ts';
import { chosenSources, type Session } from '../session.ts';

export interface ConflictsOptions {
  readonly source?: string;
}

export async function conflicts(session: Session, options: ConflictsOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const views: ConflictView[] = [];
    for (const { id } of chosenSources(engine, options.source)) {
      const run = await latestCompleteRun(db, id);
      const findings = run === undefined ? [] : await findingsOf(db, run.id);
      const inConflict = findings.filter((finding) => finding.kind === 'conflict');
      views.push({ source: id, run, conflicts: inConflict, rulings: await rulings(db, id) });
    }
    const { terminal } = session;
    if (session.isJson) terminal.json(views.map(conflictsJson));
    else for (const line of renderConflicts(views, terminal, new Date())) terminal.line(line);
    return exitCodes.done;
  });
}
