/** `rollcall resync`: a run by hand, for all sources, one source, or one person alone. */
import { requestByHand, unpaused } from '../../acts/index.ts';
import { type ConfiguredSource, type Engine, isServed, type WaitEnd } from '../../engine/index.ts';
import { planJson } from '../../json/index.ts';
import type { RunId } from '../../store/operation.ts';
import { countByState, operations } from '../../store/operations.ts';
import { findingsOf, type Raise } from '../../store/runs.ts';
import type { ReadingMode } from '../../store/schema.ts';
import { carryOutWithBar } from '../carry-out.ts';
import { conductHere } from '../conduct.ts';
import { type ExitCode, exitCodes, UsageError, worst } from '../exit.ts';
import { planView } from '../known-run.ts';
import { type RaiseOptions, raiseOf } from '../raise.ts';
import { renderPlan } from '../render/index.ts';
import { countsInWords, exitCodeOf } from '../run-result.ts';
import { chosenSources, type Session } from '../session.ts';

export interface ResyncOptions extends RaiseOptions {
  readonly user?: string;
  readonly mode: ReadingMode;
  readonly wait?: boolean;
  readonly althoughPaused?: boolean;
}

export async function resync(session: Session, options: ResyncOptions): Promise<ExitCode> {
  refuseDeltaOfOne(options);
  const raise = raiseOf(options);
  return await session.withEngine(async (engine) => {
    const runs: Requested[] = [];
    const chosen = await readable(session, engine, options);
    // One after another, and each for itself: a source that fails stops no other (promise 7).
    for (const source of chosen) {
      session.signal.throwIfAborted();
      runs.push(await runOne(session, engine, source, options, raise));
    }
    if (session.isJson) await printJson(session, engine, runs);
    return worst(runs.map(({ code }) => code));
  });
}

/**
 * The sources that a run by hand is about. Of several, those that are paused are left out and named.
 *
 * @throws {UsageError} where all of them are paused
 */
async function readable(
  { terminal }: Session,
  engine: Engine,
  { source, althoughPaused }: ResyncOptions,
): Promise<readonly ConfiguredSource[]> {
  const chosen = chosenSources(engine, source);
  if (althoughPaused) return chosen;
  const { free, paused } = await unpaused(engine, chosen);
  if (free.length === 0)
    throw new UsageError(
      `${paused.join('\n')}\nNo run was made. \`rollcall plan\` shows what one would do; with --although-paused it is made and carried out.`,
    );
  for (const sentence of paused) terminal.note(`${sentence} It is left out.`);
  return free;
}

/** @throws {UsageError} */
export function refuseDeltaOfOne({
  user,
  mode,
}: {
  readonly user?: string;
  readonly mode: ReadingMode;
}): void {
  if (mode === 'delta' && user !== undefined)
    throw new UsageError(
      'With --user the whole source is read, since the person may not have changed: leave --mode delta out.',
    );
}

interface Requested {
  readonly run: RunId;
  readonly code: ExitCode;
  readonly paused?: string | undefined;
}

async function runOne(
  session: Session,
  engine: Engine,
  source: ConfiguredSource,
  { user, wait, mode: reading, althoughPaused }: ResyncOptions,
  raise: Raise | undefined,
): Promise<Requested> {
  const { actor, terminal } = session;
  const wish = {
    source: source.id,
    mode: 'apply',
    reading,
    actor,
    onlyWho: user,
    raise,
    althoughPaused,
  } as const;
  const run = await requestByHand(engine.store.db, wish);

  if (await isServed(engine.store, 'scheduler')) {
    if (!wait) {
      const text = `Run ${run} of ${source.id} is requested; the service takes it up. \`rollcall runs ${run}\` shows it.`;
      if (!session.isJson) terminal.line(text);
      return { run, code: exitCodes.done };
    }
  } else {
    const failure = await conductHere(session, engine, source, run);
    if (failure !== undefined) return { run, code: failure };
  }
  const end = await follow(session, engine, run);
  return { run, code: exitCodeOf(end), paused: end.paused };
}

/** Waits for a run's end with a progress bar, and says what came of it. */
export async function follow(session: Session, engine: Engine, run: RunId): Promise<WaitEnd> {
  const end = await carryOutWithBar(session, engine, run);
  if (!session.isJson) for (const line of await inWords(session, engine, end)) session.terminal.line(line);
  return end;
}

async function inWords(
  { terminal }: Session,
  engine: Engine,
  { run, counts, paused, unverified }: WaitEnd,
): Promise<readonly string[]> {
  if (run.state === 'failed')
    return [`Run ${run.id} of ${run.source_id} failed: ${run.error ?? ''} Nothing was changed.`];
  const { db } = engine.store;
  const notDone = ['held', 'failed', 'superseded'] as const;
  // One that was not made of a reading has no count of its own: all of it is shown.
  const shown = await operations(db, { run: run.id, ...(run.summary === null ? {} : { states: notDone }) });
  const view = { run, operations: shown, findings: await findingsOf(db, run.id) };
  const lines = [...renderPlan(view, terminal, { all: false })];
  lines.push(`Run ${run.id} of ${run.source_id}: ${countsInWords(counts)}.`);
  if (unverified !== undefined) lines.push(unverified);
  if (paused !== undefined) lines.push(`Execution is paused: ${paused}`);
  return lines;
}

async function printJson(
  { terminal }: Session,
  { store }: Engine,
  runs: readonly Requested[],
): Promise<void> {
  const documents = await Promise.all(
    runs.map(async ({ run, paused }) => ({
      ...planJson(await planView(store.db, run)),
      counts: Object.fromEntries(await countByState(store.db, run)),
      paused: paused ?? null,
    })),
  );
  terminal.json(documents.length === 1 ? documents[0] : documents);
}
