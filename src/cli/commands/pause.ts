/** `rollcall pause` and `rollcall resume`: an operator's brake, for everything or for one source. */
import { timeZone } from '../../../config/scalars.ts';
import type { PauseWish } from '../../acts/index.ts';
import type { ToldBraked } from '../../json/index.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Session } from '../session.ts';

export async function pauseCommand(session: Session, wish: PauseWish): Promise<ExitCode> {
  requireReason(wish);
  const { timezone, until } = wish;
  if (timezone !== undefined && until === undefined) throw new UsageError('--timezone goes with --until.');
  if (timezone !== undefined && !timeZone.safeParse(timezone).success)
    throw new UsageError(`${timezone} is no time zone. Write its name, such as Europe/Vienna.`);
  return await session.withRollcall(async (rollcall) => {
    const { source, sentence } = tell(session, await rollcall.pause(wish));
    const option = source === null ? '' : ` --source ${source}`;
    if (!session.isJson)
      session.terminal.line(`${sentence} \`rollcall resume${option} --reason "..."\` ends it.`);
    return exitCodes.done;
  });
}

export async function resumeCommand(
  session: Session,
  wish: Pick<PauseWish, 'source' | 'reason'>,
): Promise<ExitCode> {
  requireReason(wish);
  return await session.withRollcall(async (rollcall) => {
    const { sentence } = tell(session, await rollcall.resume(wish));
    if (!session.isJson) session.terminal.line(sentence);
    return exitCodes.done;
  });
}

function requireReason({ reason }: Pick<PauseWish, 'reason'>): void {
  if (reason.trim() === '') throw new UsageError('Say why, for the audit log: --reason "...".');
}

function tell({ terminal, isJson }: Session, braked: ToldBraked): ToldBraked {
  if (isJson) terminal.json(braked);
  return braked;
}
