/** `rollcall plan`: a dry run. Stores and prints the plan, touches nothing. */

import { standIn } from '../../../connectors/index.ts';
import { type PlanView, requestByHand } from '../../acts/index.ts';
import type { ConfiguredSource, Engine } from '../../engine/index.ts';
import { planJson } from '../../json/index.ts';
import type { ReadingMode } from '../../store/schema.ts';
import { conductHere } from '../conduct.ts';
import { type ExitCode, exitCodes, UsageError, worst } from '../exit.ts';
import { planView } from '../known-run.ts';
import { type RaiseOptions, raiseOf } from '../raise.ts';
import { renderPlan } from '../render/index.ts';
import { type Report, withReport } from '../report-file.ts';
import { chosenSources, type Session } from '../session.ts';
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
  const { terminal, actor } = session;
  refuseDeltaOfOne(options);
  if (options.mode === 'delta' && options.from !== undefined)
    throw new UsageError('A file tells no changes: leave --mode delta out, or --from.');
  const raise = raiseOf(options);
  const from = options.from === undefined ? undefined : session.pathOf(options.from);
  const make = async (report: Report, engine: Engine): Promise<ExitCode> => {
    const { db } = engine.store;
    const views: PlanView[] = [];
    const codes: ExitCode[] = [];
    for (const source of readingFrom(from, chosenSources(engine, options.source))) {
      session.signal.throwIfAborted();
      const request = {
        source: source.id,
        mode: 'plan',
        reading: options.mode,
        actor,
        onlyWho: options.user,
        raise,
      } as const;
      const id = await requestByHand(db, request);
      const failure = await conductHere(session, engine, source, id);
      const view = await planView(db, id);
      views.push(view);
      codes.push(failure ?? ((view.run.summary?.holds.length ?? 0) > 0 ? exitCodes.held : exitCodes.done));
      if (session.isJson || failure !== undefined) continue;
      for (const line of renderPlan(view, terminal, { all: options.all ?? false })) terminal.line(line);
    }
    if (session.isJson)
      terminal.json(views.length === 1 && views[0] ? planJson(views[0]) : views.map(planJson));
    report(views);
    return worst(codes);
  };
  return await session.withEngine((engine) =>
    withReport(session, options.html, (report) => make(report, engine)),
  );
}

/** With `--from`, an LDIF export stands in for the source, so that rules can be tried before there is a bind account. */
function readingFrom(
  file: string | undefined,
  sources: readonly ConfiguredSource[],
): readonly ConfiguredSource[] {
  if (file === undefined) return sources;
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0) {
    throw new UsageError('With --from, name the source that the file stands in for: --source ID.');
  }
  const { config } = source;
  if (config.type === 'entra')
    throw new UsageError(
      `An LDIF file can't stand in for Entra ID, whose ids and attributes are others. Leave --from out, or name another source than ${source.id}.`,
    );
  return [{ ...source, config: standIn(config, file) }];
}
