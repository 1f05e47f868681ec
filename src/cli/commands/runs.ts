/** `rollcall runs [RUN]`: what happened lately, or one run with its plan. */
import type { Kysely } from 'kysely';
import { counted, type PlanView } from '../../acts/index.ts';
import { planJson, runJson } from '../../json/index.ts';
import { maintenanceAt } from '../../schedule/index.ts';
import type { RunId } from '../../store/operation.ts';
import { pauses } from '../../store/pauses.ts';
import { latestRuns } from '../../store/runs.ts';
import type { Database } from '../../store/schema.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { planView } from '../known-run.ts';
import { pauseOfSource, renderPlan, renderRuns, standstill } from '../render/index.ts';
import { withReport } from '../report-file.ts';
import type { Session } from '../session.ts';

export interface RunsOptions {
  readonly limit: number;
  readonly all?: boolean;
  readonly html?: string;
}

export async function runs(
  session: Session,
  id: string | undefined,
  options: RunsOptions,
): Promise<ExitCode> {
  const { terminal } = session;
  if (id === undefined && options.html !== undefined)
    throw new UsageError('A report is about one run: `rollcall runs RUN --html FILE`.');
  return await session.withEngine(async ({ store: { db }, config }) => {
    if (id !== undefined) {
      await withReport(session, options.html, async (report) =>
        report([await showRun(session, db, id as RunId, options.all ?? false)]),
      );
      return exitCodes.done;
    }
    const all = await counted(db, await latestRuns(db, options.limit));
    if (session.isJson) {
      terminal.json(all.map(({ run, counts }) => ({ ...runJson(run), counts: Object.fromEntries(counts) })));
    } else {
      const now = new Date();
      const inForce = await pauses(db);
      const whole = inForce.find(({ source }) => source === undefined);
      const lines = [
        ...standstill(whole, maintenanceAt(config.maintenance, now), terminal, now),
        ...inForce.flatMap((pause) =>
          pause.source === undefined ? [] : pauseOfSource(pause, terminal, now),
        ),
        ...renderRuns(all, terminal, now),
      ];
      for (const line of lines) terminal.line(line);
    }
    return exitCodes.done;
  });
}

/** Prints one run with its plan. */
export async function showRun(
  { terminal, isJson }: Session,
  db: Kysely<Database>,
  id: RunId,
  all: boolean,
): Promise<PlanView> {
  const view = await planView(db, id);
  if (isJson) terminal.json(planJson(view));
  else for (const line of renderPlan(view, terminal, { all })) terminal.line(line);
  return view;
}
