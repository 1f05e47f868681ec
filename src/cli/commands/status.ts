/** `rollcall status`: one screen. */
import { statusOf } from '../../engine/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderStatus, statusJson } from '../render/index.ts';
import type { Session } from '../session.ts';

export async function status({ terminal, isJson, withEngine }: Session): Promise<ExitCode> {
  return await withEngine(async (engine) => {
    const report = await statusOf(engine);
    if (isJson) terminal.json(statusJson(report));
    else for (const line of renderStatus(report, terminal, new Date())) terminal.line(line);
    return exitCodes.done;
  });
}
