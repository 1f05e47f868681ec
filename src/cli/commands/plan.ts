/** `rollcall plan`: a dry run. Stores and prints the plan, touches nothing. */
import { resolve } from 'node:path';
import type { ConfiguredSource } from '../../engine/index.ts';
import { operations } from '../../store/operations.ts';
import { findingsOf, requestRun, runOf } from '../../store/runs.ts';
import { conductHere } from '../conduct.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { planJson, renderPlan } from '../render/index.ts';
import { chosenSources, type Session } from '../session.ts';

export interface PlanOptions {
  readonly source?: string;
  readonly user?: string;
  readonly from?: string;
  readonly all?: boolean;
}

export async function plan(session: Session, options: PlanOptions): Promise<ExitCode> {
  const { terminal, actor } = session;
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const documents: unknown[] = [];
    let isHeld = false;
    for (const source of readingFrom(options.from, chosenSources(engine, options.source))) {
      const id = await requestRun(db, {
        source: source.id,
        mode: 'plan',
        trigger: 'hand',
        actor,
        onlyWho: options.user,
      });
      await conductHere(session, engine, source, id);
      const run = await runOf(db, id);
      if (run === undefined) throw new Error(`Run ${id} is not in the store any more.`);
      const view = { run, operations: await operations(db, { run: id }), findings: await findingsOf(db, id) };
      if (session.isJson) documents.push(planJson(view));
      else for (const line of renderPlan(view, terminal, { all: options.all ?? false })) terminal.line(line);
      isHeld ||= (run.summary?.holds.length ?? 0) > 0;
    }
    if (session.isJson) terminal.json(documents.length === 1 ? documents[0] : documents);
    return isHeld ? exitCodes.held : exitCodes.done;
  });
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
  const { id, active, schedule, attributes } = source.config;
  const filter = source.config.type === 'ldif' ? source.config.filter : { objectClass: 'person' };
  const maxEntrySize = source.config.type === 'ldif' ? source.config.maxEntrySize : 8 * 1_024 * 1_024;
  const config = {
    type: 'ldif',
    id,
    active,
    schedule,
    attributes,
    filter,
    maxEntrySize,
    file: resolve(file),
  } as const;
  return [{ ...source, config }];
}
