/** `rollcall quarantine clear SOURCE`: a person's word that a source can be trusted again. */
import { clearQuarantineOf } from '../../acts/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Session } from '../session.ts';
import { unlessRefused } from '../unless-refused.ts';

export async function quarantineClear(
  session: Session,
  source: string,
  { reason }: { readonly reason: string },
): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const acting = { engine, actor: session.actor };
    const { source: id } = unlessRefused(await clearQuarantineOf(acting, source, reason));
    session.terminal.line(
      `The source ${id} is out of quarantine: it is read by its schedule again, and the next run removes people.`,
    );
    return exitCodes.done;
  });
}
