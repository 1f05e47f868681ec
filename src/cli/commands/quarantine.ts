/** `rollcall quarantine clear SOURCE`: a person's word that a source can be trusted again. */
import { clearQuarantine } from '../../plan/index.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { chosenSources, type Session } from '../session.ts';

export async function quarantineClear(
  session: Session,
  source: string,
  { reason }: { readonly reason: string },
): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    for (const { id } of chosenSources(engine, source)) {
      const word = { actor: session.actor, reason };
      if (!(await clearQuarantine(engine.store.db, id, word, new Date())))
        throw new UsageError(`The source ${id} is not in quarantine. \`rollcall status\` shows which are.`);
      session.terminal.line(
        `The source ${id} is out of quarantine: it is read by its schedule again, and the next run removes people.`,
      );
    }
    return exitCodes.done;
  });
}
