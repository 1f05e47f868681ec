/** `rollcall resync`: a run by hand, for all sources, one source, or one person alone. */
import type { ReadingMode } from '../../store/schema.ts';
import { type ExitCode, exitCodes, UsageError, worst } from '../exit.ts';
import { type RaiseOptions, raiseOf } from '../raise.ts';
import type { Rollcall, RunWish, ToldEnd } from '../rollcall/rollcall.ts';
import { countsIn, exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';
import { follow } from './follow.ts';

export interface ResyncOptions extends RaiseOptions {
  readonly user?: string;
  readonly mode: ReadingMode;
  readonly wait?: boolean;
  readonly althoughPaused?: boolean;
}

export async function resync(session: Session, options: ResyncOptions): Promise<ExitCode> {
  refuseDeltaOfOne(options);
  const { user: onlyWho, mode: reading, althoughPaused } = options;
  const how = { onlyWho, reading, althoughPaused, raise: raiseOf(options) };
  return await session.withRollcall(async (rollcall) => {
    const runs: Requested[] = [];
    // One after another, and each for itself: a source that fails stops no other (promise 7).
    for (const source of await readable(session, rollcall, options)) {
      session.signal.throwIfAborted();
      runs.push(await runOne(session, rollcall, { ...how, source }, options.wait ?? false));
    }
    if (session.isJson) await printJson(session, rollcall, runs);
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
  rollcall: Rollcall,
  { source, althoughPaused }: ResyncOptions,
): Promise<readonly string[]> {
  if (althoughPaused) return await rollcall.sources(source);
  const { free, paused } = await rollcall.unpaused(source);
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
  readonly run: string;
  readonly code: ExitCode;
  readonly halt?: ToldEnd['halt'];
}

async function runOne(
  session: Session,
  rollcall: Rollcall,
  wish: RunWish,
  wait: boolean,
): Promise<Requested> {
  const begun = await rollcall.beginRun(wish);
  const { run } = begun;
  if (begun.kind === 'failed') return { run, code: begun.code };
  if (begun.kind === 'left' && !wait) {
    const text = `Run ${run} of ${wish.source} is requested; the service takes it up. \`rollcall runs ${run}\` shows it.`;
    if (!session.isJson) session.terminal.line(text);
    return { run, code: exitCodes.done };
  }
  const end = await follow(session, rollcall, run);
  return { run, code: exitCodeOf(end), halt: end.halt };
}

async function printJson(
  { terminal }: Session,
  rollcall: Rollcall,
  runs: readonly Requested[],
): Promise<void> {
  const documents = await Promise.all(
    runs.map(async ({ run, halt }) => {
      const plan = await rollcall.plan(run);
      return { ...plan, counts: countsIn(plan.operations), paused: halt?.sentence ?? null };
    }),
  );
  terminal.json(documents.length === 1 ? documents[0] : documents);
}
