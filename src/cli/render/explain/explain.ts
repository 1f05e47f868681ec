/** A person explained, end to end: from the source to the org, and back through what has happened. */
import type { ExplainedPerson, Explanation, Next, ProfileState } from '../../../engine/index.ts';
import type { Person } from '../../../identity/index.ts';
import { nextInWords, stateInWords } from '../../../words/in-short.ts';
import {
  belongingInWords,
  departureInWords,
  lastRunInWords,
  rulingInWords,
  tieInWords,
} from '../../../words/person.ts';
import { printable } from '../../../words/printable.ts';
import { timeInWords } from '../../../words/time.ts';
import type { Screen } from '../colours.ts';
import { renderAttributes } from './attributes.ts';
import { renderChanges, renderHistory, renderOpen } from './history.ts';
import { field, sentence, title } from './layout.ts';
import { renderSource, renderVerdict } from './source.ts';

export function renderExplanation(
  { people, namesakes, at, who }: Explanation,
  screen: Screen,
): readonly string[] {
  return [
    ...people.flatMap((person, index) => [...(index === 0 ? [] : ['']), ...renderPerson(person, screen, at)]),
    ...namesakes.flatMap(({ source, anchor, label }, index) => [
      ...(index === 0 ? title('Others who go, or went, by that name', screen) : []),
      ...sentence(
        `${label}, source ${source}: \`rollcall explain ${anchor}\`${who === anchor ? ' --source ...' : ''}`,
        screen,
      ),
    ]),
  ];
}

function renderPerson(person: ExplainedPerson, screen: Screen, now: Date): readonly string[] {
  const { colour } = screen;
  const { entry, email, label, source, anchor, open, history, next } = person;
  const names = email === undefined || email === label ? [] : [colour.dim(`(${printable(label)})`)];
  const trace = entry.kind === 'seen' ? entry.trace : undefined;
  return [
    [colour.bold(printable(email ?? label)), ...names].join('  '),
    colour.dim(`source ${printable(source)}, id ${printable(anchor)}`),
    ...[stateInWords(person, now)].flatMap((text) => sentence(text, screen)),

    ...title(`What the source ${source} says`, screen),
    ...renderSource(entry, screen),

    ...(entry.kind === 'seen' && trace !== undefined
      ? [
          ...title('Who belongs in the org', screen),
          ...renderVerdict('active', trace.active, screen),
          ...renderVerdict('scope', trace.scope, screen),
          ...sentence(belongingInWords(entry.person), screen, personPaint(entry.person, screen)),
        ]
      : []),

    ...departureLines(person, screen, now),

    ...title('Their profile', screen),
    ...profileLines(person, screen, now),

    ...(trace === undefined || trace.mapping.length === 0
      ? []
      : [
          ...title(
            entry.kind === 'seen' && entry.person.kind === 'member'
              ? 'What they should be in the org'
              : 'What the mapping gives, which counts only for those who belong in the org',
            screen,
          ),
          ...renderAttributes(person, trace.mapping, screen),
        ]),

    ...title('The next run', screen),
    ...nextLines(next, screen),
    ...lastRunLines(person, screen, now),

    ...(open.length === 0
      ? []
      : [...title('What waits or is under way', screen), ...renderOpen(open, screen)]),

    ...title('What has happened, the latest first', screen),
    ...(history.entries.length === 0
      ? sentence('The audit log has nothing about them.', screen)
      : renderHistory(history, screen)),
  ];
}

const departureLines = ({ departure }: ExplainedPerson, screen: Screen, now: Date): readonly string[] =>
  departure === undefined ? [] : sentence(departureInWords(departure, now), screen, screen.colour.yellow);

const personPaint = ({ kind }: Person, { colour }: Screen) =>
  kind === 'member' ? colour.green : kind === 'leaver' ? colour.yellow : colour.red;

function profileLines(person: ExplainedPerson, screen: Screen, now: Date): readonly string[] {
  const { link, profile, ruling } = person;
  const since = (at: Date | undefined): string => (at === undefined ? '' : timeInWords(at, now));
  return [
    ...field('profile', profileInWords(profile, link?.profileId, screen), screen),
    ...field('tie', printable(tieInWords(person, now)), screen),
    ...(link?.absentSince === undefined ? [] : field('absent', `since ${since(link.absentSince)}`, screen)),
    ...(link?.deletedSince === undefined
      ? []
      : field('deleted', `by the source’s word, since ${since(link.deletedSince)}`, screen)),
    ...(link?.deactivatedByUs !== true
      ? []
      : field('blocked', `by Rollcall, ${since(link.deactivatedAt)}`, screen)),
    ...((link?.invitations ?? 0) === 0
      ? []
      : field('invited', `${link?.invitations} times, the last ${since(link?.invitedAt)}`, screen)),
    ...(ruling === undefined ? [] : field('ruling', printable(rulingInWords(ruling, now)), screen)),
  ];
}

function profileInWords(profile: ProfileState, id: string | undefined, { colour }: Screen): string {
  switch (profile.kind) {
    case 'there': {
      const { profileId, isActive, email } = profile.profile;
      const state = isActive ? colour.green('active') : colour.red('inactive');
      return `${printable(profileId)}, ${state}${email === undefined ? '' : `, ${printable(email)}`}`;
    }
    case 'deleted':
      return colour.red(`${printable(id ?? '')} is not in the org any more`);
    case 'none':
      return 'none';
    case 'unknown':
      return colour.red(printable(`${id ?? ''} could not be asked for. ${profile.sentence}`.trim()));
    default:
      return profile satisfies never;
  }
}

function nextLines(next: Next, screen: Screen): readonly string[] {
  return [
    ...sentence(nextInWords(next), screen),
    ...(next.kind === 'operation' ? renderChanges(next.operation, screen) : []),
    ...(next.kind !== 'unknown' && next.wasOrgListed
      ? sentence('Only the whole org tells whether somebody has a profile already: it was listed.', screen)
      : []),
  ];
}

function lastRunLines({ history }: ExplainedPerson, screen: Screen, now: Date): readonly string[] {
  const { said, incomplete } = lastRunInWords(history, now);
  return [
    ...(said === undefined ? [] : sentence(said, screen)),
    ...(incomplete === undefined ? [] : sentence(incomplete, screen, screen.colour.yellow)),
  ];
}
