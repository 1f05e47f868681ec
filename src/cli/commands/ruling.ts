/** `rollcall adopt`, `unadopt`, `ignore` and `unignore`: an operator's word on one person. */
import { adoptFor, ignoreNamed, type Refusal, type RuleOutcome, takeRulingBack } from '../../acts/index.ts';
import { rulingJson } from '../../json/index.ts';
import type { Ruling } from '../../store/ruling.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Session } from '../session.ts';
import { unlessRefused } from '../unless-refused.ts';

export interface RulingOptions {
  readonly source?: string;
  readonly reason: string;
}

export interface AdoptOptions extends RulingOptions {
  readonly profile: string;
}

export async function adopt(session: Session, who: string, options: AdoptOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const acting = { engine, actor: session.actor };
    const outcome = unlessRefused(await adoptFor(acting, { who, ...options }, session.signal));
    const { label, anchor } = outcome.named;
    return told(
      session,
      outcome,
      `Profile ${options.profile} is that of ${label}. The next run adopts it; \`rollcall plan --user ${anchor}\` shows how.`,
    );
  });
}

export async function ignore(session: Session, who: string, options: RulingOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const acting = { engine, actor: session.actor };
    const outcome = unlessRefused(await ignoreNamed(acting, { who, ...options }, session.signal));
    return told(
      session,
      outcome,
      `${outcome.named.label} is left alone by all runs, also when they leave. \`rollcall unignore\` ends that.`,
    );
  });
}

function told(
  { terminal, isJson }: Session,
  { ruling, superseded }: Exclude<RuleOutcome, Refusal>,
  said: string,
): ExitCode {
  if (isJson) terminal.json({ ruling: rulingJson(ruling), superseded });
  else terminal.line(said);
  if (superseded > 0) terminal.note(`${superseded} operations that waited for them are dropped.`);
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
  kind: Ruling['kind'],
): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const acting = { engine, actor: session.actor };
    const { ruling } = unlessRefused(await takeRulingBack(acting, { who, ...options }, kind));
    const said =
      ruling.kind === 'adopt'
        ? `Profile ${ruling.profileId} is not to be that of ${ruling.label} any more.`
        : `${ruling.label} is treated by the rules again, from the next run on.`;
    if (session.isJson) session.terminal.json({ takenBack: rulingJson(ruling) });
    else session.terminal.line(said);
    return exitCodes.done;
  });
}
