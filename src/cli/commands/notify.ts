/** `rollcall notify test [channel]`: does a message get through? */
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderCheck } from '../render/index.ts';
import type { Session } from '../session.ts';

export async function notifyTest(session: Session, channel: string | undefined): Promise<ExitCode> {
  const { terminal, isJson } = session;
  return await session.withRollcall(async (rollcall) => {
    const tried = await rollcall.testChannels(channel);
    if (isJson) terminal.json(tried);
    else {
      const findings = tried.map(({ channel: name, ok, text }) => ({
        ...{ ok, mend: undefined },
        text: `${name}: ${text}`,
      }));
      for (const line of renderCheck({ part: 'test messages', findings }, terminal)) terminal.line(line);
    }
    return tried.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed;
  });
}
