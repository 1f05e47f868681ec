/** `rollcall approve PLAN` and `rollcall reject PLAN`: a person's word on what waits. */
import { isServed } from '../../engine/index.ts';
import { approveSaved, rejectPlan } from '../../plan/index.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { knownRun } from '../known-run.ts';
import { exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';
import { follow } from './resync.ts';

export interface WordOptions {
  readonly reason: string;
  readonly wait?: boolean;
}

export async function approve(session: Session, plan: string, options: WordOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const { id } = await knownRun(db, plan, 'plan');
    const { api, log, config } = engine;
    const means = { db, api, log, config, signal: session.signal, now: () => new Date() };
    const outcome = await approveSaved(means, id, { actor: session.actor, reason: options.reason });
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
    if (outcome.kind !== 'approved')
      throw new UsageError(outcome.kind === 'refused' ? outcome.sentence : `Plan ${id} was rejected.`);
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
  return await session.withEngine(async ({ store: { db } }) => {
    const { id } = await knownRun(db, plan, 'plan');
    const outcome = await rejectPlan(db, id, { actor: session.actor, reason: options.reason }, new Date());
    if (outcome.kind !== 'rejected')
      throw new UsageError(outcome.kind === 'refused' ? outcome.sentence : `Plan ${plan} was approved.`);
    session.terminal.line(
      `Plan ${plan} is rejected: ${outcome.dropped} operations are dropped and will not be carried out.`,
    );
    return exitCodes.done;
  });
}
