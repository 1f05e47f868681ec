/** `rollcall adopt`, `unadopt`, `ignore` and `unignore`: an operator's word on one person. */
import { type RulingOutcome, ruleAdoption, ruleIgnored, takeBack } from '../../plan/index.ts';
import type { ProfileId } from '../../profile-api/index.ts';
import type { Ruling } from '../../store/ruling.ts';
import { rulings } from '../../store/rulings.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { personNamed } from '../named-person.ts';
import { rulingJson } from '../render/index.ts';
import { chosenSources, type Session } from '../session.ts';

export interface RulingOptions {
  readonly source?: string;
  readonly reason: string;
}

export interface AdoptOptions extends RulingOptions {
  readonly profile: string;
}

export async function adopt(session: Session, who: string, options: AdoptOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const found = await personNamed(engine, chosenSources(engine, options.source), who, session.signal);
    const { named, reading } = found;
    const word = { actor: session.actor, reason: options.reason };
    const id = options.profile as ProfileId;
    const means = { db, api: engine.api };
    const outcome = await ruleAdoption(means, named, id, word, reading.seenAs, new Date());
    const said = `Profile ${id} is that of ${named.label}. The next run adopts it; \`rollcall plan --user ${named.anchor}\` shows how.`;
    return await told(session, outcome, said, () => ruled(db, named));
  });
}

export async function ignore(session: Session, who: string, options: RulingOptions): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const { named } = await personNamed(engine, chosenSources(engine, options.source), who, session.signal);
    const word = { actor: session.actor, reason: options.reason };
    const outcome = await ruleIgnored(db, named, word, new Date());
    const said = `${named.label} is left alone by all runs, also when they leave. \`rollcall unignore\` ends that.`;
    return await told(session, outcome, said, () => ruled(db, named));
  });
}

async function told(
  session: Session,
  outcome: RulingOutcome,
  said: string,
  ruling: () => Promise<Ruling | undefined>,
): Promise<ExitCode> {
  if (outcome.kind === 'refused') throw new UsageError(outcome.sentence);
  const { terminal } = session;
  if (session.isJson) terminal.json({ ruling: rulingJson(await ruling()), superseded: outcome.superseded });
  else terminal.line(said);
  if (outcome.superseded > 0)
    terminal.note(`${outcome.superseded} operations that waited for them are dropped.`);
  return exitCodes.done;
}

const ruled = async (
  db: Parameters<typeof rulings>[0],
  { source, anchor }: Pick<Ruling, 'source' | 'anchor'>,
): Promise<Ruling | undefined> => (await rulings(db, source)).find((ruling) => ruling.anchor === anchor);

export const unadopt = (session: Session, who: string, options: RulingOptions): Promise<ExitCode> =>
  back(session, who, options, 'adopt');

export const unignore = (session: Session, who: string, options: RulingOptions): Promise<ExitCode> =>
  back(session, who, options, 'ignore');

/** Looks among the rulings alone: whoever is gone from the source can still be spoken of. */
async function back(
  session: Session,
  who: string,
  options: RulingOptions,
  kind: Ruling['kind'],
): Promise<ExitCode> {
  return await session.withEngine(async (engine) => {
    const { db } = engine.store;
    const sources = new Set(chosenSources(engine, options.source).map((source) => source.id));
    const wanted = who.toLowerCase();
    const meant = (await rulings(db)).filter(
      (ruling) =>
        ruling.kind === kind &&
        sources.has(ruling.source) &&
        [ruling.email, ruling.anchor, ruling.label].some((name) => name?.toLowerCase() === wanted),
    );
    const [ruling, ...others] = meant;
    if (ruling === undefined || others.length > 0) {
      const what = kind === 'adopt' ? 'to be adopted' : 'to be left alone';
      const how = ruling === undefined ? 'nobody' : `${meant.length} people`;
      throw new UsageError(
        `Of those who are ${what}, ${how} ${meant.length > 1 ? 'are' : 'is'} called ${who}. \`rollcall conflicts\` lists them with their ids.`,
      );
    }
    const word = { actor: session.actor, reason: options.reason };
    await takeBack(db, ruling, word, new Date());
    const said =
      kind === 'adopt'
        ? `Profile ${ruling.kind === 'adopt' ? ruling.profileId : ''} is not to be that of ${ruling.label} any more.`
        : `${ruling.label} is treated by the rules again, from the next run on.`;
    if (session.isJson) session.terminal.json({ takenBack: rulingJson(ruling) });
    else session.terminal.line(said);
    return exitCodes.done;
  });
}
