/** Takes words about people: keeps them, acts on those that are due, and answers each. */
import type { Transaction } from 'kysely';
import type { Config } from '../../config/schema.ts';
import { appendAudit } from '../audit/index.ts';
import type { SourceId } from '../identity/index.ts';
import type { ProfileId } from '../profile-api/index.ts';
import { emailKey, reasonOfDeparture } from '../reconcile/index.ts';
import type { DepartureCause, DepartureRecord } from '../store/departures/departure.ts';
import {
  endDepartures,
  keepDepartures,
  moveDeparture,
  standingWord,
} from '../store/departures/departures.ts';
import type { OperationId } from '../store/operations/operation.ts';
import { lockReleases } from '../store/operations/releases.ts';
import type { Link } from '../store/people/link.ts';
import type { Database } from '../store/schema.ts';
import { findPerson, refusal } from './find.ts';
import { type Released, release } from './release.ts';
import { takeBack } from './take-back.ts';
import { expectedTimes, timeOf } from './when.ts';
import type { Answer, Word } from './word.ts';

export interface TakeRules {
  readonly config: Pick<Config, 'guards' | 'sources' | 'offboarding'>;
  /** Of the API key; undefined where the org could not be asked, and the worker looks anyway. */
  readonly ownProfile: ProfileId | undefined;
  readonly waiting: Waiting;
}

/** Why nobody of a source is deactivated now, by whatever word: it is paused, or in maintenance. Undefined where they are. */
export type Waiting = (source: SourceId) => string | undefined;

/** Whose words they are, and when they came. */
export interface Giver {
  readonly cause: Exclude<DepartureCause, 'leave-date'>;
  readonly actor: string;
  readonly arrivedAt: Date;
}

export interface Taken {
  /** One for each word, in their order. */
  readonly answers: readonly Answer[];
  /** Operations that can go into the queue. */
  readonly queued: readonly OperationId[];
}

/** Somebody of whom a word was kept that is due. */
interface Due {
  readonly index: number;
  readonly departure: DepartureRecord;
}

/** Takes words in one transaction: all of them, or none. */
export async function takeWords(
  tx: Transaction<Database>,
  words: readonly Word[],
  giver: Giver,
  rules: TakeRules,
  now: Date,
): Promise<Taken> {
  const sources = rules.config.sources.map((source) => source.id as SourceId);
  const found = [];
  for (const word of words) found.push(await findPerson(tx, sources, word.who));
  const concerned = new Set(found.flatMap((one) => (one.kind === 'found' ? [one.link.source] : [])));
  // In order, so that two who lock several don't wait for each other.
  for (const source of [...concerned].sort()) await lockReleases(tx, source);

  const answers: Answer[] = [];
  const due: Due[] = [];
  for (const [index, word] of words.entries()) {
    const person = found[index];
    if (person === undefined) continue;
    const kept =
      person.kind === 'not' ? person.answer : await keepWord(tx, word, person.link, giver, rules, now);
    // What an earlier word of the same delivery began, a later one may take back before anything is done.
    if (word.kind === 'returns' && person.kind === 'found')
      for (const earlier of due.splice(0)) {
        if (isAbout(earlier.departure, person.link)) answers[earlier.index] = takenBackLater;
        else due.push(earlier);
      }
    if ('departure' in kept) due.push({ index, departure: kept.departure });
    answers[index] = 'departure' in kept ? unanswered : kept;
  }

  const queued: OperationId[] = [];
  for (const source of concerned) {
    const ofSource = due.filter(({ departure }) => departure.source === source);
    const departures = ofSource.map(({ departure }) => departure);
    const released = await release(tx, source, departures, rules.config.guards, now);
    queued.push(...released.queued);
    for (const { index, departure } of ofSource) {
      const outcome = released.outcomes.get(departure.id);
      if (outcome !== undefined) answers[index] = answerOf(departure, outcome, rules.waiting(source));
    }
  }
  return { answers, queued };
}

const isAbout = (departure: DepartureRecord, { source, anchor }: Link): boolean =>
  departure.source === source && departure.anchor === anchor;

const takenBackLater: Answer = {
  outcome: 'taken-back',
  sentence: 'A later word of the same delivery takes it back.',
};

const unanswered: Answer = { outcome: 'waits', sentence: 'It was kept.' };

async function keepWord(
  tx: Transaction<Database>,
  word: Word,
  link: Link,
  giver: Giver,
  rules: TakeRules,
  now: Date,
): Promise<Answer | { readonly departure: DepartureRecord }> {
  if (word.kind === 'returns') return await takeBack(tx, link, { ...giver, ...word }, now);
  const problem = await refusal(tx, link, rules.config, rules.ownProfile);
  if (problem !== undefined) return { outcome: 'refused', sentence: `Not done. ${problem}` };
  const timeZone = zoneOf(link.source, rules.config);
  const dueAt = timeOf(word.when, timeZone, now);
  if (dueAt === undefined) {
    const text = word.when.kind === 'text' ? word.when.text : '';
    return {
      outcome: 'bad-date',
      sentence: `${JSON.stringify(text)} is no time. ${expectedTimes} Nothing was done.`,
    };
  }
  const present = await standingWord(tx, link);
  const isPast = present !== undefined && present.dueAt <= now;
  if (isPast && (dueAt > now || giver.cause !== 'operator')) return leftAlready(present);

  const { anchor, source, label, email } = link;
  const { cause, actor, arrivedAt } = giver;
  const said = { cause, actor, arrivedAt, dueAt, reason: word.reason, eventId: word.eventId };
  const details = {
    cause,
    eventId: word.eventId,
    dueAt: dueAt.toISOString(),
    before: present?.dueAt.toISOString(),
  };
  const entry = { actor, action: 'departure.noted', source, anchor, profile: link.profileId, email } as const;
  await appendAudit(tx, [{ ...entry, reason: word.reason, details }], now);
  if (present !== undefined && !isPast) await moveDeparture(tx, present.id, said);
  // An operator's word in place of HR's that is held, or was carried out and undone since.
  if (present !== undefined && isPast)
    await endDepartures(tx, [present.id], { actor, reason: `In its place: ${JSON.stringify(word.reason)}.` });
  const departure =
    present !== undefined && !isPast
      ? { ...present, ...said }
      : (await keepDepartures(tx, [{ source, anchor, label, email, ...said }]))[0];
  if (departure === undefined) throw new Error('A word that was kept is not there.');
  return dueAt <= now ? { departure } : scheduled(departure);
}

/** The place whose clocks count: that of HR, else of the source. */
export const zoneOf = (source: SourceId, { offboarding, sources }: TakeRules['config']): string =>
  offboarding.timezone ?? sources.find(({ id }) => id === source)?.schedule.timezone ?? 'UTC';

const whoIs = ({ label, email }: Pick<DepartureRecord, 'label' | 'email'>): string =>
  email === undefined || emailKey(label).includes(emailKey(email)) ? label : `${email} (${label})`;

const scheduled = (departure: DepartureRecord): Answer => ({
  outcome: 'scheduled',
  sentence: `${whoIs(departure)} will be deactivated at ${departure.dueAt.toISOString()}.`,
});

const leftAlready = (present: DepartureRecord): Answer => ({
  outcome: 'left-already',
  sentence: `${whoIs(present)} has left already, since ${present.dueAt.toISOString()}. ${reasonOfDeparture(present)}${present.isHeld && present.deactivatedAt === undefined ? ` It is held in plan ${present.run}.` : ''}`,
  run: present.run,
});

function answerOf(departure: DepartureRecord, released: Released, waiting: string | undefined): Answer {
  const who = whoIs(departure);
  switch (released.kind) {
    case 'released':
      if (waiting !== undefined)
        return {
          outcome: 'waits',
          sentence: `${who} is deactivated by run ${released.run}, but not yet. ${waiting}`,
          run: released.run,
        };
      return released.wasInactive
        ? {
            outcome: 'inactive-already',
            sentence: `${who} is inactive already, as far as is known; run ${released.run} looks.`,
            run: released.run,
          }
        : {
            outcome: 'deactivating',
            sentence: `${who} is being deactivated by run ${released.run}.`,
            run: released.run,
          };
    case 'held':
      return {
        outcome: 'held',
        sentence: `Held for ${who}: ${released.sentence} \`rollcall approve ${released.run}\` releases it.`,
        run: released.run,
      };
    case 'waits':
      return {
        outcome: 'waits',
        sentence: `${who} is deactivated as soon as operation ${released.operation} for them has ended.`,
      };
    case 'no-profile':
      return {
        outcome: 'noted',
        sentence: `${who} has no account yet, so there is nothing to deactivate. Should they accept an invitation, the next run deactivates them.`,
      };
    default:
      return released satisfies never;
  }
}
