/** `rollcall status`: one screen; `--watch` keeps it up to date. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExitCode, exitCodes, explain, UsageError } from '../exit.ts';
import { renderStatus, watchTitle } from '../render/index.ts';
import type { Session } from '../session.ts';

export interface StatusOptions {
  readonly watch?: boolean;
}

const watchEveryMs = 2_000;

export async function status(session: Session, { watch }: StatusOptions = {}): Promise<ExitCode> {
  if (watch) return await watchStatus(session);
  const { terminal, isJson, withRollcall } = session;
  return await withRollcall(async (rollcall) => {
    const report = await rollcall.status();
    if (isJson) terminal.json(report);
    else for (const line of renderStatus(report, terminal, new Date())) terminal.line(line);
    return exitCodes.done;
  });
}

/** Until Ctrl-C, which is how it is meant to end. What was seen last stays on the terminal. */
async function watchStatus(session: Session): Promise<ExitCode> {
  const { terminal, isJson, signal } = session;
  if (isJson)
    throw new UsageError(
      '--watch draws a screen for people: leave it out, and ask for --json as often as you like.',
    );
  if (!terminal.isInteractive)
    throw new UsageError('--watch draws over the screen of a terminal, and this is none: leave it out.');
  let latest = await linesNow(session);
  const screen = terminal.liveScreen();
  try {
    while (!signal.aborted) {
      screen.draw([...watchTitle(watchEveryMs, terminal), '', ...latest]);
      await sleep(watchEveryMs, undefined, { signal });
      // A store or a service that can't be reached for a moment is a thing to be seen, and no end.
      latest = await linesNow(session).catch((error: unknown) => [explain(error).sentence]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    screen.close();
  }
  for (const line of latest) terminal.line(line);
  return exitCodes.done;
}

/** Opened anew each time: an embedded store that stays open here would keep a service from starting. */
async function linesNow({ terminal, withRollcall }: Session): Promise<readonly string[]> {
  return await withRollcall(async (rollcall) => renderStatus(await rollcall.status(), terminal, new Date()));
}
