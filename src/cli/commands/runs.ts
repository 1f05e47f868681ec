/** `rollcall runs [RUN]`: what happened lately, or one run with its plan. */
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { pauseOfSource, renderRuns, standstill } from '../render/index.ts';
import { withReport } from '../report-file.ts';
import type { Rollcall } from '../rollcall/rollcall.ts';
import type { Session } from '../session.ts';
import { showPlan } from './show-plan.ts';

export interface RunsOptions {
  readonly limit: number;
  readonly all?: boolean;
  readonly html?: string;
}

export async function runs(
  session: Session,
  id: string | undefined,
  { limit, all = false, html }: RunsOptions,
): Promise<ExitCode> {
  if (id === undefined && html !== undefined)
    throw new UsageError('A report is about one run: `rollcall runs RUN --html FILE`.');
  await session.withRollcall(async (rollcall) => {
    if (id === undefined) await listRuns(session, rollcall, limit);
    else
      await withReport(session, html, async (report) => {
        const plan = await rollcall.plan(id);
        showPlan(session, plan, all);
        report([plan]);
      });
  });
  return exitCodes.done;
}

async function listRuns({ terminal, isJson }: Session, rollcall: Rollcall, limit: number): Promise<void> {
  const latest = await rollcall.runs(limit);
  if (isJson) {
    terminal.json(latest);
    return;
  }
  const now = new Date();
  const status = await rollcall.status();
  for (const line of [
    ...standstill(status, terminal, now),
    ...status.sources.flatMap((source) => pauseOfSource(source, terminal, now)),
    ...renderRuns(latest, terminal, now),
  ])
    terminal.line(line);
}
