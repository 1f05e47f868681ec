/** `rollcall offboard` and `rollcall reinstate`: an operator's word that somebody left, and that they are back. */
import { timeZone } from '../../../config/scalars.ts';
import { type Engine, isServed } from '../../engine/index.ts';
import type { Answer, AnswerKind, Who, Word } from '../../offboarding/index.ts';
import { standingDepartures } from '../../store/departures.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { departureJson, renderDepartures } from '../render/index.ts';
import { exitCodeOf } from '../run-result.ts';
import { chosenSources, type Session } from '../session.ts';
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
    const answer = await said(session, engine, {
      kind: 'left',
      who: whoOf(engine, name, options),
      when,
      reason,
    });
    return await followed(session, engine, answer);
  });
}

export async function reinstate(session: Session, name: string, options: RulingOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const who = whoOf(engine, name, options);
    const answer = await said(session, engine, { kind: 'returns', who, reason: options.reason });
    if (answer.outcome === 'nothing-to-take-back') throw new UsageError(answer.sentence);
    tell(session, answer);
    return exitCodes.done;
  });
}

const whoOf = (engine: Engine, name: string, { source }: { readonly source?: string }): Who => {
  if (source !== undefined) chosenSources(engine, source);
  return { kind: 'any', name, source };
};

const undone: readonly AnswerKind[] = ['unknown', 'several', 'refused', 'bad-date'];

/** @throws {UsageError} where nothing could be done */
async function said(session: Session, { desk }: Engine, word: Word): Promise<Answer> {
  const answer = await desk.take(word, { cause: 'operator', actor: session.actor, arrivedAt: new Date() });
  if (undone.includes(answer.outcome)) throw new UsageError(answer.sentence);
  return answer;
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
    const sources = chosenSources(engine, source).map(({ id }) => id);
    const wanted = name?.toLowerCase();
    const all = await standingDepartures(engine.store.db, sources);
    const shown = all.filter(
      ({ anchor, email, label }) =>
        wanted === undefined || [anchor, email, label].some((one) => one?.toLowerCase() === wanted),
    );
    const { terminal } = session;
    if (session.isJson) terminal.json(shown.map(departureJson));
    else for (const line of renderDepartures(shown, terminal, new Date())) terminal.line(line);
    return exitCodes.done;
  });
}
