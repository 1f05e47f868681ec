/** `rollcall adopt`, `unadopt`, `ignore` and `unignore`: an operator's word on one person. */
import type { ToldRuled, ToldRuling } from '../../json/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Session } from '../session.ts';

export interface RulingOptions {
  readonly source?: string;
  readonly reason: string;
}

export interface AdoptOptions extends RulingOptions {
  readonly profile: string;
}

export async function adopt(session: Session, who: string, options: AdoptOptions): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const outcome = await rollcall.adopt({ who, ...options });
    const { label, anchor } = outcome.ruling ?? { label: who, anchor: who };
    return told(
      session,
      outcome,
      `Profile ${options.profile} is that of ${label}. The next run adopts it; \`rollcall plan --user ${anchor}\` shows how.`,
    );
  });
}

export async function ignore(session: Session, who: string, options: RulingOptions): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const outcome = await rollcall.ignore({ who, ...options });
    return told(
      session,
      outcome,
      `${outcome.ruling?.label ?? who} is left alone by all runs, also when they leave. \`rollcall unignore\` ends that.`,
    );
  });
}

function told({ terminal, isJson }: Session, ruled: ToldRuled, said: string): ExitCode {
  if (isJson) terminal.json(ruled);
  else terminal.line(said);
  if (ruled.superseded > 0) terminal.note(`${ruled.superseded} operations that waited for them are dropped.`);
  return exitCodes.done;
}

export const unadopt = (session: Session, who: string, options: RulingOptions): Promise<ExitCode> =>
  back(session, who, options, 'adopt');

export const unignore = (session: Session, who: string, options: RulingOptions): Promise<ExitCode> =>
  back(session, who, options, 'ignore');

async function back(
  session: Session,
  who: string,
  options: RulingOptions,
  kind: ToldRuling['kind'],
): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const ruling = await rollcall.takeRulingBack(kind, { who, ...options });
    const said =
      ruling.kind === 'adopt'
        ? `Profile ${ruling.profileId} is not to be that of ${ruling.label} any more.`
        : `${ruling.label} is treated by the rules again, from the next run on.`;
    if (session.isJson) session.terminal.json({ takenBack: ruling });
    else session.terminal.line(said);
    return exitCodes.done;
  });
}
