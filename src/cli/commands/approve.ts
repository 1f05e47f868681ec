/** `rollcall approve PLAN` and `rollcall reject PLAN`: a person's word on what waits. */
import { approveNamed, rejectNamed } from '../../acts/index.ts';
import { isServed } from '../../engine/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';
import { unlessRefused } from '../unless-refused.ts';
import { follow } from './resync.ts';

export interface WordOptions {
  readonly reason: string;
  readonly wait?: boolean;
}

export async function approve(session: Session, plan: string, options: WordOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const acting = { engine, actor: session.actor };
    const outcome = unlessRefused(await approveNamed(acting, plan, options.reason, session.signal));
    const id = outcome.run;
    if (outcome.kind === 'seconded') {
      const left =
        outcome.overtaken === 0
          ? ''
          : ` ${outcome.overtaken} of its operations have been overtaken meanwhile and will be left out.`;
      session.terminal.line(
        `Plan ${id} is approved by 1 of 2, ${session.actor}. Nothing is released before somebody else, who has not asked for the run either, approves it too (guards.approval).${left}`,
      );
      return exitCodes.held;
    }
    const overtaken =
      outcome.overtaken === 0
        ? ''
        : ` ${outcome.overtaken} were overtaken by other work or later runs, and are left out.`;
    session.terminal.note(`Plan ${id} is approved: ${outcome.released} operations are released.${overtaken}`);

    const isLeftToService = !(options.wait ?? false) && (await isServed(engine.store, 'worker'));
    if (!isLeftToService) return exitCodeOf(await follow(session, engine, id));
    await engine.dispatcher.dispatchDue();
    session.terminal.line(`The service carries them out. \`rollcall runs ${id}\` shows how far it is.`);
    return exitCodes.done;
  });
}

export async function reject(session: Session, plan: string, options: WordOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const acting = { engine, actor: session.actor };
    const { dropped } = unlessRefused(await rejectNamed(acting, plan, options.reason));
    session.terminal.line(
      `Plan ${plan} is rejected: ${dropped} operations are dropped and will not be carried out.`,
    );
    return exitCodes.done;
  });
}
