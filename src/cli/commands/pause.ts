/** `rollcall pause` and `rollcall resume`: an operator's brake, for everything or for one source. */
import { timeZone } from '../../../config/scalars.ts';
import { type Braked, type PauseWish, pause, type Refusal, resume } from '../../acts/index.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Session } from '../session.ts';
import { unlessRefused } from '../unless-refused.ts';

export async function pauseCommand(session: Session, wish: PauseWish): Promise<ExitCode> {
  requireReason(wish);
  const { timezone, until } = wish;
  if (timezone !== undefined && until === undefined) throw new UsageError('--timezone goes with --until.');
  if (timezone !== undefined && !timeZone.safeParse(timezone).success)
    throw new UsageError(`${timezone} is no time zone. Write its name, such as Europe/Vienna.`);
  return await session.withEngine(async (engine) => {
    const { source, sentence } = tell(session, await pause({ engine, actor: session.actor }, wish));
    const option = source === undefined ? '' : ` --source ${source}`;
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
  return await session.withEngine(async (engine) => {
    const { sentence } = tell(session, await resume({ engine, actor: session.actor }, wish));
    if (!session.isJson) session.terminal.line(sentence);
    return exitCodes.done;
  });
}

function requireReason({ reason }: Pick<PauseWish, 'reason'>): void {
  if (reason.trim() === '') throw new UsageError('Say why, for the audit log: --reason "...".');
}

/** @throws {UsageError} where it was refused */
function tell({ terminal, isJson }: Session, outcome: Braked | Refusal): Braked {
  const braked = unlessRefused(outcome);
  if (isJson) terminal.json({ source: braked.source ?? null, sentence: braked.sentence });
  return braked;
}
