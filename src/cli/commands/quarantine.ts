/** `rollcall quarantine clear SOURCE`: a person's word that a source can be trusted again. */
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Session } from '../session.ts';

export async function quarantineClear(
  session: Session,
  source: string,
  { reason }: { readonly reason: string },
): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const id = await rollcall.clearQuarantine(source, reason);
    session.terminal.line(
      `The source ${id} is out of quarantine: it is read by its schedule again, and the next run removes people.`,
    );
    return exitCodes.done;
  });
}
