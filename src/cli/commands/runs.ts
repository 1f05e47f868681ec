/** `rollcall runs [RUN]`: what happened lately, or one run with its plan. */
import type { OperationState, RunId } from '../../store/operation.ts';
import { countByState, operations } from '../../store/operations.ts';
import { findingsOf, latestRuns, type Run, runOf } from '../../store/runs.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { planJson, renderPlan, renderRuns, runJson } from '../render/index.ts';
import type { Session } from '../session.ts';

export interface RunsOptions {
  readonly limit: number;
  readonly all?: boolean;
}

export async function runs(
  session: Session,
  id: string | undefined,
  options: RunsOptions,
): Promise<ExitCode> {
  const { terminal } = session;
  return await session.withEngine(async ({ store: { db } }) => {
    if (id !== undefined) {
      const run = await runOf(db, id as RunId);
      if (run === undefined)
        throw new UsageError(`There is no run ${id}. \`rollcall runs\` lists the latest.`);
      const view = {
        run,
        operations: await operations(db, { run: run.id }),
        findings: await findingsOf(db, run.id),
      };
      if (session.isJson) terminal.json(planJson(view));
      else for (const line of renderPlan(view, terminal, { all: options.all ?? false })) terminal.line(line);
      return exitCodes.done;
    }
    const latest = await latestRuns(db, options.limit);
    const counted = await Promise.all(
      latest.map(
        async (run): Promise<{ run: Run; counts: ReadonlyMap<OperationState, number> }> => ({
          run,
          counts: await countByState(db, run.id),
        }),
      ),
    );
    if (session.isJson) {
      terminal.json(
        counted.map(({ run, counts }) => ({ ...runJson(run), counts: Object.fromEntries(counts) })),
      );
    } else for (const line of renderRuns(counted, terminal, new Date())) terminal.line(line);
    return exitCodes.done;
  });
}
