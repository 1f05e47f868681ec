/** What a message says, in words, whatever channel it goes to. */
import type { AlertEvent } from '../../config/index.ts';
import type { AlertContent, Incident, IncidentFacts } from '../store/incidents/incident.ts';
import type { Telling } from './incidents.ts';
import { oneLine } from './plain-text.ts';

/** The others are counted. */
const namedAtMost = 10;
/** In characters. Teams takes 28 KB in all. */
const [subjectAtMost, sentenceAtMost] = [200, 500];

/** What an incident is about, and what is wrong, as single lines. */
export const inLines = ({ subject, sentence }: Pick<IncidentFacts, 'subject' | 'sentence'>) => ({
  subject: oneLine(subject, subjectAtMost),
  sentence: oneLine(sentence, sentenceAtMost),
});

/** A message in words. Whatever may be from outside is in `entries` alone, as single lines. */
export interface Letter {
  readonly title: string;
  readonly entries: readonly Entry[];
  /** How many more there are than the entries; empty for none. */
  readonly more: string;
  /** What it means for the org. */
  readonly means: string;
  readonly commands: readonly string[];
  /** Where in the console it is. */
  readonly link: string | undefined;
}

export interface Entry {
  readonly subject: string;
  readonly sentence: string;
  /** Such as `since 2026-03-02 14:05 UTC`. */
  readonly when: string;
}

export function contentOf({ event, phase, incidents }: Telling): AlertContent {
  const named = incidents.slice(0, namedAtMost).map(({ facts, overSince }: Incident) => ({
    ...facts,
    ...(overSince === undefined ? {} : { until: overSince.toISOString() }),
  }));
  return { event, phase, incidents: named, more: incidents.length - named.length };
}

export function compose(content: AlertContent, baseUrl: string | undefined): Letter {
  const { event, phase, incidents, more } = content;
  const count = incidents.length + more;
  const { began, over, means, afterwards, page } = words[event];
  const [only] = incidents;
  const path = incidents.length === 1 && more === 0 && only !== undefined ? only.page : page;
  const link = baseUrl === undefined ? undefined : `${baseUrl.replace(/\/+$/, '')}${path}`;
  if (phase === 'test')
    return {
      ...{ title: 'Test message', entries: [], more: '', commands: [], link },
      means: 'Somebody tried out this channel with `rollcall notify test`. Nothing is wrong.',
    };
  const isOver = phase === 'resolved';
  return {
    title: `${phase === 'lasting' ? 'Still: ' : isOver ? 'Resolved: ' : ''}${isOver ? over(count) : began(count)}`,
    entries: incidents.map(({ since, until, ...facts }) => ({
      ...inLines(facts),
      ...(isOver ? { sentence: '' } : {}),
      when: until === undefined ? `since ${inWords(since)}` : `from ${inWords(since)} to ${inWords(until)}`,
    })),
    more: more === 0 ? '' : `And ${more} more.`,
    means: isOver ? afterwards : means,
    commands: isOver ? [] : commandsOf(content),
    link,
  };
}

/** Each once; of very many, the first few. */
const commandsOf = ({ incidents }: AlertContent): readonly string[] =>
  [...new Set(incidents.flatMap(({ commands }) => commands))].slice(0, 6);

/** `2026-03-02T14:05:06.789Z` as people read it. */
const inWords = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

interface Words {
  /** As a headline: when it begins, and when it is over. Of the same kind, others may still last. */
  began(count: number): string;
  over(count: number): string;
  /** What follows from it, and what to do. */
  readonly means: string;
  /** What to know once it is over. */
  readonly afterwards: string;
  /** Where in the console those of several are. */
  readonly page: string;
}

const several =
  (one: string, many: (count: number) => string) =>
  (count: number): string =>
    count === 1 ? one : many(count);

const words: Readonly<Record<AlertEvent, Words>> = {
  'run-failed': {
    began: several('A run failed', (count) => `The runs of ${count} sources failed`),
    over: several('a source is read again', (count) => `${count} sources are read again`),
    means:
      'Who joins, moves or leaves in this source is not seen until a run succeeds. Nobody is removed because of it. Mend what the sentence says; the next run by schedule tries again.',
    afterwards: 'The last run succeeded, or the source is not in the configuration any more.',
    page: '/runs',
  },
  'plan-held': {
    began: several('A plan waits for approval', (count) => `${count} plans wait for approval`),
    over: several(
      'a plan no longer waits for approval',
      (count) => `${count} plans no longer wait for approval`,
    ),
    means:
      'A guard holds back changes that are larger than usual. Everything else goes on. Look at the plan, then approve or reject it; what nobody approves in time is dropped.',
    afterwards: 'It was approved, rejected or overtaken, or nobody approved it in time: the run says which.',
    page: '/runs',
  },
  'source-quarantined': {
    began: several('A source is in quarantine', (count) => `${count} sources are in quarantine`),
    over: several('a source is out of quarantine', (count) => `${count} sources are out of quarantine`),
    means:
      'It kept failing, or could not be trusted. It is tried less and less often, and removes nobody, also not those who have left by its word. A whole reading that can be trusted ends it.',
    afterwards:
      'It is read by its schedule again, and the next run removes people; or it is not in the configuration any more.',
    page: '/sources',
  },
  'key-refused': {
    began: () => 'The API key was refused: nothing is carried out',
    over: () => 'the API key is accepted again',
    means:
      'Everything waits, leavers too; nothing is lost. Give a valid key in profileApi.apiKey and restart the service. It tries the key every minute and goes on by itself.',
    afterwards: 'What waited is carried out now.',
    page: '/',
  },
  'licence-full': {
    began: () => 'The org has no licence left',
    over: () => 'the org’s licence is no longer full',
    means:
      'Nobody new gets an account until licences are freed or bought. Leavers are deactivated all the same. The next run tries again.',
    afterwards: 'Somebody got an account since, or nobody needs one any more.',
    page: '/',
  },
  'leaver-late': {
    began: several('A leaver is still active', (count) => `${count} leavers are still active`),
    over: several('a leaver is no longer late', (count) => `${count} leavers are no longer late`),
    means:
      'Somebody whose time has come can still sign in, as far as is known. Look at why, and block them in the org by hand if it is urgent.',
    afterwards: 'They are known to be inactive, or somebody took the word back or discarded what it led to.',
    page: '/people',
  },
  'audit-broken': {
    began: () => 'The audit log is broken',
    over: () => 'the audit log is whole',
    means:
      'Somebody changed, removed or put in entries of the log, or a part of the store was lost. The work goes on. Compare the log with an export or a backup.',
    afterwards: 'A verification found all of it whole.',
    page: '/audit',
  },
  'api-down': {
    began: () => 'The profile API is down',
    over: () => 'the profile API answers again',
    means:
      'Nothing is carried out, nor are leavers deactivated; nothing is lost and no attempt is used up. It goes on by itself once the API answers.',
    afterwards: 'What waited is carried out now.',
    page: '/',
  },
};
