/** `rollcall invite-again WHO`: one more invitation for somebody who has not accepted. */
import { type ExitCode, exitCodes } from '../exit.ts';
import { exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';
import { follow } from './follow.ts';
import type { RulingOptions } from './ruling.ts';

export async function inviteAgain(session: Session, who: string, options: RulingOptions): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const { run, email, served } = await rollcall.inviteAgain({ who, ...options });
    if (!served) {
      const end = await follow(session, rollcall, run);
      if (session.isJson) session.terminal.json({ run, counts: end.counts });
      return exitCodeOf(end);
    }
    if (session.isJson) session.terminal.json({ run });
    else session.terminal.line(`The service invites ${email} again. \`rollcall runs ${run}\` shows it.`);
    return exitCodes.done;
  });
}
