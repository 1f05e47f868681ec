/** A person explained, end to end: from the source to the org, and back through what has happened. */
import type { ToldExplanation, ToldPerson } from '../../../json/index.ts';
import { printable } from '../../../words/printable.ts';
import { timeInWords } from '../../../words/time.ts';
import type { Paint, Screen } from '../colours.ts';
import { renderAttributes } from './attributes.ts';
import { renderChanges, renderHistory, renderOpen } from './history.ts';
import { field, sentence, title } from './layout.ts';
import { renderSource, renderVerdict } from './source.ts';

export function renderExplanation(
  { people, namesakes, at, who }: ToldExplanation,
  screen: Screen,
): readonly string[] {
  return [
    ...people.flatMap((person, index) => [
      ...(index === 0 ? [] : ['']),
      ...renderPerson(person, screen, new Date(at)),
    ]),
    ...namesakes.flatMap(({ source, anchor, label }, index) => [
      ...(index === 0 ? title('Others who go, or went, by that name', screen) : []),
      ...sentence(
        `${label}, source ${source}: \`rollcall explain ${anchor}\`${who === anchor ? ' --source ...' : ''}`,
        screen,
      ),
    ]),
  ];
}

function renderPerson(person: ToldPerson, screen: Screen, now: Date): readonly string[] {
  const { colour } = screen;
  const { entry, email, label, source, anchor, open, history, inWords } = person;
  const names = email === null || email === label ? [] : [colour.dim(`(${printable(label)})`)];
  return [
    [colour.bold(printable(email ?? label)), ...names].join('  '),
    colour.dim(`source ${printable(source)}, id ${printable(anchor)}`),
    ...sentence(inWords.state, screen),

    ...title(`What the source ${source} says`, screen),
    ...renderSource(entry, screen),

    ...(entry.kind === 'seen'
      ? [
          ...title('Who belongs in the org', screen),
          ...renderVerdict('active', entry.active, screen),
          ...renderVerdict('scope', entry.scope, screen),
          ...sentence(inWords.belonging ?? '', screen, personPaint(entry, screen)),
        ]
      : []),

    ...(inWords.departure === null ? [] : sentence(inWords.departure, screen, colour.yellow)),

    ...title('Their profile', screen),
    ...profileLines(person, screen, now),

    ...(entry.kind !== 'seen' || entry.mapping.length === 0
      ? []
      : [
          ...title(
            entry.judgedAs === 'member'
              ? 'What they should be in the org'
              : 'What the mapping gives, which counts only for those who belong in the org',
            screen,
          ),
          ...renderAttributes(person, entry.mapping, screen),
        ]),

    ...title('The next run', screen),
    ...nextLines(person, screen),
    ...lastRunLines(person, screen),

    ...(open.length === 0
      ? []
      : [...title('What waits or is under way', screen), ...renderOpen(open, screen)]),

    ...title('What has happened, the latest first', screen),
    ...(history.events.length === 0
      ? sentence('The audit log has nothing about them.', screen)
      : renderHistory(history.events, screen)),
  ];
}

const personPaint = (
  { judgedAs }: Extract<ToldPerson['entry'], { kind: 'seen' }>,
  { colour }: Screen,
): Paint => (judgedAs === 'member' ? colour.green : judgedAs === 'leaver' ? colour.yellow : colour.red);

function profileLines(person: ToldPerson, screen: Screen, now: Date): readonly string[] {
  const { link, profile, inWords } = person;
  const since = (at: string | null): string => (at === null ? '' : timeInWords(new Date(at), now));
  return [
    ...field('profile', profileInWords(profile, link?.profileId ?? '', screen), screen),
    ...field('tie', printable(inWords.tie), screen),
    ...(link === null || link.absentSince === null
      ? []
      : field('absent', `since ${since(link.absentSince)}`, screen)),
    ...(link === null || link.deletedSince === null
      ? []
      : field('deleted', `by the source’s word, since ${since(link.deletedSince)}`, screen)),
    ...(link?.deactivatedByRollcall !== true
      ? []
      : field('blocked', `by Rollcall, ${since(link.deactivatedAt)}`, screen)),
    ...(link === null || link.invitations === 0
      ? []
      : field('invited', `${link.invitations} times, the last ${since(link.invitedAt)}`, screen)),
    ...(inWords.ruling === null ? [] : field('ruling', printable(inWords.ruling), screen)),
  ];
}

function profileInWords(profile: ToldPerson['profile'], id: string, { colour }: Screen): string {
  switch (profile.kind) {
    case 'there': {
      const { profileId, isActive, email } = profile;
      const state = isActive ? colour.green('active') : colour.red('inactive');
      return `${printable(profileId)}, ${state}${email === null ? '' : `, ${printable(email)}`}`;
    }
    case 'deleted':
      return colour.red(`${printable(id)} is not in the org any more`);
    case 'none':
      return 'none';
    case 'unknown':
      return colour.red(printable(`${id} could not be asked for. ${profile.sentence}`.trim()));
    default:
      return profile satisfies never;
  }
}

function nextLines({ next, inWords }: ToldPerson, screen: Screen): readonly string[] {
  return [
    ...sentence(inWords.next, screen),
    ...(next.kind === 'operation' ? renderChanges({ ...next, kind: next.operation }, screen) : []),
    ...(next.kind !== 'unknown' && next.wasOrgListed
      ? sentence('Only the whole org tells whether somebody has a profile already: it was listed.', screen)
      : []),
  ];
}

function lastRunLines({ inWords }: ToldPerson, screen: Screen): readonly string[] {
  const { lastRun, lastRunIncomplete } = inWords;
  return [
    ...(lastRun === null ? [] : sentence(lastRun, screen)),
    ...(lastRunIncomplete === null ? [] : sentence(lastRunIncomplete, screen, screen.colour.yellow)),
  ];
}
