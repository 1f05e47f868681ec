/** `rollcall resync`: a run by hand, for all sources, one source, or one person alone. */
import { audit } from '../../audit/index.ts';
import { carryOutRun, type Engine, isServed, type WaitEnd, waitForRun } from '../../engine/index.ts';
import type { RunId } from '../../store/operation.ts';
import { operations } from '../../store/operations.ts';
import { findingsOf, requestRun } from '../../store/runs.ts';
import { conductHere } from '../conduct.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { planJson, renderPlan } from '../render/index.ts';
import { countsInWords, exitCodeOf, progressOf } from '../run-result.ts';
import { chosenSources, type Session } from '../session.ts';

export interface ResyncOptions {
  readonly source?: string;
  readonly user?: string;
  readonly wait?: boolean;
}

export async function resync(session: Session, options: ResyncOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const isScheduled = await isServed(db, 'scheduler');
    const ends: WaitEnd[] = [];
    for (const source of chosenSources(engine, options.source)) {
      const { actor } = session;
      const run = await requestRun(db, {
        source: source.id,
        mode: 'apply',
        trigger: 'hand',
        actor,
        onlyWho: options.user,
      });
      await audit(
        db,
        [{ actor, action: 'run.requested', run, source: source.id, details: { only: options.user } }],
        new Date(),
      );
      if (isScheduled && !(options.wait ?? false)) {
        session.terminal.line(
          `Run ${run} of ${source.id} is requested; the service takes it up. \`rollcall runs ${run}\` shows it.`,
        );
        continue;
      }
      if (!isScheduled) await conductHere(session, engine, source, run);
      ends.push(await follow(session, engine, run));
    }
    if (session.isJson) await printJson(session, engine, ends);
    return worst(ends.map(exitCodeOf));
  });
}

/** Waits for a run's end with a progress bar, and says what came of it. */
export async function follow(session: Session, engine: Engine, run: RunId): Promise<WaitEnd> {
  const { terminal, signal, isJson } = session;
  const bar = terminal.progress(`Run ${run}`);
  const onProgress = ({ counts }: Pick<WaitEnd, 'counts'>): void => {
    const { ended, total } = progressOf(counts);
    bar.update({ done: ended, total, text: 'operations' });
  };
  let end: WaitEnd;
  try {
    const isReading = await waitUntilPlanned(session, engine, run);
    end = isReading ?? (await carryOutRun(engine, run, signal, onProgress));
  } finally {
    bar.stop();
  }
  if (!isJson) for (const line of await inWords(session, engine, end)) terminal.line(line);
  return end;
}

/** A service may still be reading for it; nothing is to be carried out here before it has planned. */
async function waitUntilPlanned(
  { signal }: Session,
  engine: Engine,
  run: RunId,
): Promise<WaitEnd | undefined> {
  return (await isServed(engine.store.db, 'worker'))
    ? await waitForRun(engine.store.db, run, signal)
    : undefined;
}

async function inWords(
  { terminal }: Session,
  engine: Engine,
  { run, counts, paused }: WaitEnd,
): Promise<readonly string[]> {
  if (run.state === 'failed')
    return [`Run ${run.id} of ${run.source_id} failed: ${run.error ?? ''} Nothing was changed.`];
  const { db } = engine.store;
  const notDone = await operations(db, { run: run.id, states: ['held', 'failed', 'superseded'] });
  const view = { run, operations: notDone, findings: await findingsOf(db, run.id) };
  const lines = [...renderPlan(view, terminal, { all: false })];
  lines.push(`Run ${run.id} of ${run.source_id}: ${countsInWords(counts)}.`);
  if (paused !== undefined) lines.push(`Execution is paused: ${paused}`);
  return lines;
}

async function printJson({ terminal }: Session, engine: Engine, ends: readonly WaitEnd[]): Promise<void> {
  const { db } = engine.store;
  const documents = await Promise.all(
    ends.map(async ({ run, counts, paused }) => ({
      ...planJson({
        run,
        operations: await operations(db, { run: run.id }),
        findings: await findingsOf(db, run.id),
      }),
      counts: Object.fromEntries(counts),
      paused: paused ?? null,
    })),
  );
  terminal.json(documents.length === 1 ? documents[0] : documents);
}

/** Of several runs the most serious result counts: failed, then held, then failures, then done. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  const order = [exitCodes.usage, exitCodes.failed, exitCodes.held, exitCodes.withFailures] as const;
  return order.find((code) => codes.includes(code)) ?? exitCodes.done;
}
