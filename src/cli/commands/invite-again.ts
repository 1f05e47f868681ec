/** `rollcall invite-again WHO`: one more invitation for somebody who has not accepted. */
import { inviteNamed } from '../../acts/index.ts';
import { isServed } from '../../engine/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';
import { unlessRefused } from '../unless-refused.ts';
import { follow } from './resync.ts';
import type { RulingOptions } from './ruling.ts';

export async function inviteAgain(session: Session, who: string, options: RulingOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const acting = { engine, actor: session.actor };
    const { run, member } = unlessRefused(await inviteNamed(acting, { who, ...options }, session.signal));
    if (!(await isServed(engine.store, 'worker'))) {
      const end = await follow(session, engine, run);
      if (session.isJson) session.terminal.json({ run, counts: Object.fromEntries(end.counts) });
      return exitCodeOf(end);
    }
    await engine.dispatcher.dispatchDue();
    if (session.isJson) session.terminal.json({ run });
    else
      session.terminal.line(`The service invites ${member.email} again. \`rollcall runs ${run}\` shows it.`);
    return exitCodes.done;
  });
}
