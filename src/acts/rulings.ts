/** An operator's word on one person: whose profile is theirs, that they are left alone, and that neither is so any more. */
import { type NamedPerson, type RulingOutcome, ruleAdoption, ruleIgnored, takeBack } from '../plan/index.ts';
import type { ProfileId } from '../profile-api/index.ts';
import type { Ruling } from '../store/people/ruling.ts';
import { rulingOn, rulings } from '../store/people/rulings.ts';
import type { Acting } from './acting.ts';
import { personNamed } from './named-person.ts';
import { type Refusal, refuse } from './refusal.ts';
import { sourcesNamed } from './source-named.ts';

/** Whom a word is about, and why. */
export interface PersonWord {
  /** E-mail, login or id. */
  readonly who: string;
  readonly source?: string | undefined;
  readonly reason: string;
}

/** What came of a ruling; `ruling` is undefined once it was taken back. */
export type RuleOutcome =
  | {
      readonly kind: 'ruled';
      readonly named: NamedPerson;
      readonly ruling: Ruling | undefined;
      /** How many operations that waited for them were dropped. */
      readonly superseded: number;
    }
  | Refusal;

/**
 * Says that a profile is somebody's; the next run adopts it.
 *
 * @throws {SourceError} and {ProfileApiError} where those can't be asked
 */
export async function adoptFor(
  { engine, actor }: Acting,
  { who, source, reason, profile }: PersonWord & { readonly profile: string },
  signal: AbortSignal,
): Promise<RuleOutcome> {
  const found = await personNamed(engine, { who, source }, signal);
  if (found.kind === 'refused') return found;
  const { named, seenAs } = found;
  const means = { db: engine.store.db, api: engine.api };
  const word = { actor, reason };
  const outcome = await ruleAdoption(means, named, profile as ProfileId, word, seenAs, new Date());
  return await ruled(engine, named, outcome);
}

/**
 * Says that somebody is left alone in all runs.
 *
 * @throws {SourceError} where a source can't be read
 */
export async function ignoreNamed(
  { engine, actor }: Acting,
  { who, source, reason }: PersonWord,
  signal: AbortSignal,
): Promise<RuleOutcome> {
  const found = await personNamed(engine, { who, source }, signal);
  if (found.kind === 'refused') return found;
  const outcome = await ruleIgnored(engine.store.db, found.named, { actor, reason }, new Date());
  return await ruled(engine, found.named, outcome);
}

async function ruled(
  { store: { db } }: Acting['engine'],
  named: NamedPerson,
  outcome: RulingOutcome,
): Promise<RuleOutcome> {
  if (outcome.kind === 'refused') return refuse('not-now', outcome.sentence);
  const ruling = await rulingOn(db, named.source, named.anchor);
  return { kind: 'ruled', named, ruling, superseded: outcome.superseded };
}

/** Takes a word back. Looks among the rulings alone: whoever is gone from the source can still be spoken of. */
export async function takeRulingBack(
  { engine, actor }: Acting,
  { who, source, reason }: PersonWord,
  kind: Ruling['kind'],
): Promise<{ readonly kind: 'taken-back'; readonly ruling: Ruling } | Refusal> {
  const { db } = engine.store;
  const chosen = sourcesNamed(engine, source);
  if (chosen.kind === 'refused') return chosen;
  const sources = new Set(chosen.sources.map(({ id }) => id));
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
    return refuse(
      ruling === undefined ? 'unknown' : 'ambiguous',
      `Of those who are ${what}, ${how} ${meant.length > 1 ? 'are' : 'is'} called ${who}.`,
      '`rollcall conflicts` lists them with their ids.',
    );
  }
  await takeBack(db, ruling, { actor, reason }, new Date());
  return { kind: 'taken-back', ruling };
}
