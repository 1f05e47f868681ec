/** `rollcall plan`: a dry run. Stores and prints the plan, touches nothing. */
import type { ToldPlan } from '../../json/index.ts';
import type { ReadingMode } from '../../store/schema.ts';
import { type ExitCode, exitCodes, UsageError, worst } from '../exit.ts';
import { type RaiseOptions, raiseOf } from '../raise.ts';
import { renderPlan } from '../render/index.ts';
import { type Report, withReport } from '../report-file.ts';
import type { PlanWish, Rollcall } from '../rollcall/rollcall.ts';
import type { Session } from '../session.ts';
import { refuseDeltaOfOne } from './resync.ts';
import { whatIf } from './what-if.ts';

export interface PlanOptions extends RaiseOptions {
  readonly user?: string;
  readonly from?: string;
  readonly with?: string;
  readonly mode: ReadingMode;
  readonly all?: boolean;
  readonly html?: string;
}

export async function plan(session: Session, options: PlanOptions): Promise<ExitCode> {
  if (options.with !== undefined) return await whatIf(session, options.with, options);
  refuseDeltaOfOne(options);
  if (options.mode === 'delta' && options.from !== undefined)
    throw new UsageError('A file tells no changes: leave --mode delta out, or --from.');
  const wish = {
    reading: options.mode,
    onlyWho: options.user,
    raise: raiseOf(options),
    from: options.from === undefined ? undefined : session.pathOf(options.from),
  };
  return await session.withRollcall(async (rollcall) => {
    const sources = await rollcall.sources(options.source);
    if (wish.from !== undefined && sources.length !== 1)
      throw new UsageError('With --from, name the source that the file stands in for: --source ID.');
    return await withReport(session, options.html, (report) =>
      make(
        session,
        rollcall,
        report,
        sources.map((source) => ({ ...wish, source })),
        options.all ?? false,
      ),
    );
  });
}

async function make(
  session: Session,
  rollcall: Rollcall,
  report: Report,
  wishes: readonly PlanWish[],
  all: boolean,
): Promise<ExitCode> {
  const { terminal, isJson, signal } = session;
  const plans: ToldPlan[] = [];
  const codes: ExitCode[] = [];
  for (const wish of wishes) {
    signal.throwIfAborted();
    const { plan: made, failure } = await rollcall.makePlan(wish);
    plans.push(made);
    codes.push(failure ?? ((made.run.summary?.holds.length ?? 0) > 0 ? exitCodes.held : exitCodes.done));
    if (isJson || failure !== undefined) continue;
    for (const line of renderPlan(made, terminal, { all })) terminal.line(line);
  }
  if (isJson) terminal.json(plans.length === 1 ? plans[0] : plans);
  report(plans);
  return worst(codes);
}
