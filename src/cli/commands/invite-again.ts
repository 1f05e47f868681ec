/** `rollcall invite-again WHO`: one more invitation for somebody who has not accepted. */
import { isServed } from '../../engine/index.ts';
import { planInvitation } from '../../plan/index.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { personNamed } from '../named-person.ts';
import { exitCodeOf } from '../run-result.ts';
import { chosenSources, type Session } from '../session.ts';
import { follow } from './resync.ts';
import type { RulingOptions } from './ruling.ts';

export async function inviteAgain(session: Session, who: string, options: RulingOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const { named, member } = await personNamed(
      engine,
      chosenSources(engine, options.source),
      who,
      session.signal,
    );
    if (member === undefined)
      throw new UsageError(
        `${named.label} does not belong in the org by the word of ${named.source}, or their record can't be used: nobody is invited.`,
      );
    const word = { actor: session.actor, reason: options.reason };
    const { onboard, invite } = engine.config.lifecycle;
    const policy = { onboard, atMost: invite.atMost };
    const run = await planInvitation(db, named.source, member, word, policy, new Date());
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
