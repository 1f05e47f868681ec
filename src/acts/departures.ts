/** An operator's word that somebody left, and that they are back. */
import type { Answer, AnswerKind, When } from '../offboarding/index.ts';
import type { DepartureRecord } from '../store/departures/departure.ts';
import { standingDepartures } from '../store/departures/departures.ts';
import type { Acting } from './acting.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { PersonWord } from './rulings.ts';
import { sourcesNamed } from './source-named.ts';

/** What came of the word. */
export type SaidOutcome = { readonly kind: 'said'; readonly answer: Answer } | Refusal;

/** Says that somebody left or will leave: it is done at once, or at that time. */
export async function sayLeft(
  acting: Acting,
  word: PersonWord & { readonly when: When },
): Promise<SaidOutcome> {
  return await say(acting, word, { kind: 'left', when: word.when });
}

/** Takes back that somebody left. */
export async function sayReturned(acting: Acting, word: PersonWord): Promise<SaidOutcome> {
  return await say(acting, word, { kind: 'returns' });
}

async function say(
  { engine, actor }: Acting,
  { who, source, reason }: PersonWord,
  what: { readonly kind: 'left'; readonly when: When } | { readonly kind: 'returns' },
): Promise<SaidOutcome> {
  const chosen = sourcesNamed(engine, source);
  if (chosen.kind === 'refused') return chosen;
  const word = { ...what, who: { kind: 'any', name: who, source }, reason } as const;
  const giver = { cause: 'operator', actor, arrivedAt: new Date() } as const;
  const answer = await engine.desk.take(word, giver);
  const why = undone[answer.outcome];
  return why === undefined ? { kind: 'said', answer } : refuse(why, answer.sentence);
}

const undone: Readonly<Partial<Record<AnswerKind, Refusal['why']>>> = {
  unknown: 'unknown',
  several: 'ambiguous',
  'bad-date': 'unspecified',
  refused: 'not-now',
  'nothing-to-take-back': 'not-now',
};

/** Who has left, or will leave, by anybody's word; or only those who are called so. */
export async function departuresCalled(
  { engine }: Pick<Acting, 'engine'>,
  { who, source }: { readonly who?: string | undefined; readonly source?: string | undefined },
): Promise<{ readonly kind: 'found'; readonly departures: readonly DepartureRecord[] } | Refusal> {
  const chosen = sourcesNamed(engine, source);
  if (chosen.kind === 'refused') return chosen;
  const wanted = who?.toLowerCase();
  const all = await standingDepartures(
    engine.store.db,
    chosen.sources.map(({ id }) => id),
  );
  const departures = all.filter(
    ({ anchor, email, label }) =>
      wanted === undefined || [anchor, email, label].some((one) => one?.toLowerCase() === wanted),
  );
  return { kind: 'found', departures };
}
