/** `rollcall offboard` and `rollcall reinstate`: an operator's word that somebody left, and that they are back. */
import { timeZone } from '../../../config/scalars.ts';
import type { ToldAnswer } from '../../json/index.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { renderDepartures } from '../render/index.ts';
import type { Rollcall } from '../rollcall/rollcall.ts';
import { exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';
import { follow } from './follow.ts';
import type { RulingOptions } from './ruling.ts';

export interface OffboardOptions {
  readonly source?: string;
  readonly reason?: string;
  readonly at?: string;
  readonly timezone?: string;
  readonly list?: boolean;
}

export async function offboard(
  session: Session,
  name: string | undefined,
  options: OffboardOptions,
): Promise<ExitCode> {
  if (options.list === true) return await listed(session, name, options);
  if (name === undefined)
    throw new UsageError('Say who left: e-mail, login or id. `rollcall offboard --list` shows who has.');
  const reason = options.reason?.trim() ?? '';
  if (reason === '') throw new UsageError('Say why, for the audit log: --reason "...".');
  if (options.timezone !== undefined && !timeZone.safeParse(options.timezone).success)
    throw new UsageError(`${options.timezone} is no time zone. Write its name, such as Europe/Vienna.`);
  const { source, at, timezone } = options;
  return await session.withRollcall(async (rollcall) => {
    const answer = await rollcall.offboard({ who: name, source, reason, at, timezone });
    return await followed(session, rollcall, answer);
  });
}

export async function reinstate(session: Session, name: string, options: RulingOptions): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    tell(session, await rollcall.reinstate({ who: name, ...options }));
    return exitCodes.done;
  });
}

/** Sees to it that it is done, where no service does it. */
async function followed(session: Session, rollcall: Rollcall, answer: ToldAnswer): Promise<ExitCode> {
  const { run, outcome, served } = answer;
  const isReleased = outcome === 'deactivating' || outcome === 'inactive-already';
  if (run === null || !isReleased) {
    const comes = outcome === 'scheduled' || outcome === 'waits';
    const note =
      'No service is at work: the first `rollcall start` or `rollcall resync` after that time does it.';
    tell(session, answer, comes && !(await rollcall.isServed('scheduler')) ? note : undefined);
    return exitCodes.done;
  }
  if (served) {
    tell(session, answer, `The service carries it out. \`rollcall runs ${run}\` shows it.`);
    return exitCodes.done;
  }
  const end = await follow(session, rollcall, run);
  if (session.isJson) session.terminal.json({ ...answer, counts: end.counts });
  return exitCodeOf(end);
}

function tell({ terminal, isJson }: Session, answer: ToldAnswer, note?: string): void {
  if (isJson) terminal.json(answer);
  else terminal.line(note === undefined ? answer.sentence : `${answer.sentence} ${note}`);
}

async function listed(
  session: Session,
  who: string | undefined,
  { source }: OffboardOptions,
): Promise<ExitCode> {
  return await session.withRollcall(async (rollcall) => {
    const departures = await rollcall.departures({ who, source });
    const { terminal } = session;
    if (session.isJson) terminal.json(departures);
    else for (const line of renderDepartures(departures, terminal, new Date())) terminal.line(line);
    return exitCodes.done;
  });
}
