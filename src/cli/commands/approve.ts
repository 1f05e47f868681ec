/** `rollcall approve PLAN` and `rollcall reject PLAN`: a person's word on what waits. */
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Rollcall } from '../rollcall/rollcall.ts';
import { exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';
import { follow } from './follow.ts';

export interface WordOptions {
  readonly reason: string;
  readonly wait?: boolean;
}

export async function approve(session: Session, plan: string, options: WordOptions): Promise<ExitCode> {
  return await session.withRollcall((rollcall) => approveWith(session, rollcall, plan, options));
}

export async function approveWith(
  session: Session,
  rollcall: Rollcall,
  plan: string,
  { reason, wait = false }: WordOptions,
): Promise<ExitCode> {
  const { outcome, run, released, overtaken, served } = await rollcall.approve(plan, reason);
  if (outcome === 'seconded') {
    const left =
      overtaken === 0
        ? ''
        : ` ${overtaken} of its operations have been overtaken meanwhile and will be left out.`;
    const by = run.approvals.at(-1)?.actor ?? session.actor;
    session.terminal.line(
      `Plan ${run.id} is approved by 1 of 2, ${by}. Nothing is released before somebody else, who has not asked for the run either, approves it too (guards.approval).${left}`,
    );
    return exitCodes.held;
  }
  const left =
    overtaken === 0 ? '' : ` ${overtaken} were overtaken by other work or later runs, and are left out.`;
  session.terminal.note(`Plan ${run.id} is approved: ${released} operations are released.${left}`);

  if (wait || !served) return exitCodeOf(await follow(session, rollcall, run.id));
  session.terminal.line(`The service carries them out. \`rollcall runs ${run.id}\` shows how far it is.`);
  return exitCodes.done;
}

export async function reject(session: Session, plan: string, { reason }: WordOptions): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const dropped = await rollcall.reject(plan, reason);
    session.terminal.line(
      `Plan ${plan} is rejected: ${dropped} operations are dropped and will not be carried out.`,
    );
    return exitCodes.done;
  });
}
