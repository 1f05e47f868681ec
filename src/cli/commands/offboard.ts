/** `rollcall offboard` and `rollcall reinstate`: an operator's word that somebody left, and that they are back. */
import { timeZone } from '../../../config/scalars.ts';
import { departuresCalled, sayLeft, sayReturned } from '../../acts/index.ts';
import { type Engine, isServed } from '../../engine/index.ts';
import { departureJson } from '../../json/index.ts';
import type { Answer } from '../../offboarding/index.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { renderDepartures } from '../render/index.ts';
import { exitCodeOf } from '../run-result.ts';
import type { Session } from '../session.ts';
import { unlessRefused } from '../unless-refused.ts';
import { follow } from './resync.ts';
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
  const { at: text, timezone } = options;
  return await session.withEngine(async (engine) => {
    const when =
      text === undefined ? ({ kind: 'now' } as const) : ({ kind: 'text', text, timezone } as const);
    const word = { who: name, source: options.source, reason, when };
    const { answer } = unlessRefused(await sayLeft({ engine, actor: session.actor }, word));
    return await followed(session, engine, answer);
  });
}

export async function reinstate(session: Session, name: string, options: RulingOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { source, reason } = options;
    const word = { who: name, source, reason };
    const { answer } = unlessRefused(await sayReturned({ engine, actor: session.actor }, word));
    tell(session, answer);
    return exitCodes.done;
  });
}

/** Sees to it that it is done, where no service does it. */
async function followed(session: Session, engine: Engine, answer: Answer): Promise<ExitCode> {
  const { run, outcome } = answer;
  const isReleased = outcome === 'deactivating' || outcome === 'inactive-already';
  if (run === undefined || !isReleased) {
    const isLeft = await isServed(engine.store, 'scheduler');
    const comes = outcome === 'scheduled' || outcome === 'waits';
    const note =
      'No service is at work: the first `rollcall start` or `rollcall resync` after that time does it.';
    tell(session, answer, comes && !isLeft ? note : undefined);
    return exitCodes.done;
  }
  if (await isServed(engine.store, 'worker')) {
    tell(session, answer, `The service carries it out. \`rollcall runs ${run}\` shows it.`);
    return exitCodes.done;
  }
  const end = await follow(session, engine, run);
  if (session.isJson) session.terminal.json({ ...answer, counts: Object.fromEntries(end.counts) });
  return exitCodeOf(end);
}

function tell({ terminal, isJson }: Session, answer: Answer, note?: string): void {
  if (isJson) terminal.json(answer);
  else terminal.line(note === undefined ? answer.sentence : `${answer.sentence} ${note}`);
}

async function listed(
  session: Session,
  name: string | undefined,
  { source }: OffboardOptions,
): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { departures } = unlessRefused(await departuresCalled({ engine }, { who: name, source }));
    const { terminal } = session;
    if (session.isJson) terminal.json(departures.map(departureJson));
    else for (const line of renderDepartures(departures, terminal, new Date())) terminal.line(line);
    return exitCodes.done;
  });
}
