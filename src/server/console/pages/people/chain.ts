/** The links of the chain that leads from a record in a source to the next step for a person. */
import type { ExplainedPerson, Next, SourceEntry } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import type { Identity, RuleStep } from '../../../../identity/index.ts';
import { nextInWords } from '../../../../words/in-short.ts';
import {
  absenceInWords,
  belongingInWords,
  departureInWords,
  lastRunInWords,
  rulingInWords,
  tieInWords,
} from '../../../../words/person.ts';
import { absoluteTime } from '../../../../words/time.ts';
import { when } from '../../time.ts';
import { changes } from '../../values.ts';
import { comparedAttributes } from './compared.ts';
import { sawValues, shownValue } from './values.ts';

type Manner = 'good' | 'wait' | 'bad' | 'plain';

const link = (manner: Manner, title: string, content: Html): Html =>
  html`<li class="${manner}"><section class="card"><h2>${title}</h2>${content}</section></li>`;

const facts = (pairs: readonly (readonly [string, Html | string | undefined])[]): Html =>
  html`<dl class="facts">${pairs.flatMap(([name, value]) => (value === undefined ? [] : [html`<div><dt>${name}</dt><dd>${value}</dd></div>`]))}</dl>`;

const told = (text: string, manner: Manner = 'plain'): Html => html`<p class="told ${manner}">${text}</p>`;

export const sourceLink = ({ source, entry }: ExplainedPerson): Html =>
  link(sourceManner(entry), `What the source ${source} says`, saidBySource(entry));

function sourceManner(entry: SourceEntry): Manner {
  if (entry.kind === 'seen') return entry.identity.active ? 'good' : 'bad';
  return entry.kind === 'not-shown' || entry.kind === 'not-configured' ? 'wait' : 'bad';
}

function saidBySource(entry: SourceEntry): Html {
  switch (entry.kind) {
    case 'seen':
      return html`${recordFacts(entry.identity)}${entry.incomplete === undefined ? '' : told(entry.incomplete, 'wait')}`;
    case 'unusable':
      return told(entry.reason, 'bad');
    case 'not-shown':
      return told(absenceInWords(entry), 'wait');
    case 'unreachable':
      return html`${told(`It could not be asked. ${entry.sentence}`, 'bad')}${told('What follows is what the store knows.')}`;
    case 'not-configured':
      return told(
        'The configuration has no such source any more; what follows is what the store knows.',
        'wait',
      );
    default:
      return entry satisfies never;
  }
}

function recordFacts(identity: Identity): Html {
  const { label, login, email, active, whyInactive, leaveAt, leaveAtFrom, groups, employeeNumber } = identity;
  return facts([
    ['Record', html`<bdi>${label}</bdi>`],
    ['Login', login ?? 'none'],
    ['E-mail', email ?? 'none'],
    ['Employee number', employeeNumber],
    ['Account', active ? 'enabled' : (whyInactive ?? 'The account is disabled in the source.')],
    [
      'Leaves',
      leaveAt === undefined ? undefined : `${absoluteTime(leaveAt)} (${leaveAtFrom ?? 'leave date'})`,
    ],
    ['Groups', groups.length === 0 ? undefined : groups.join('; ')],
  ]);
}

/** Active, scope, and whatever goes before both. Nothing where the source said nothing. */
export function rulesLink({ entry, departure }: ExplainedPerson, now: Date): Html {
  const word = departure === undefined ? html`` : told(departureInWords(departure, now), 'wait');
  if (entry.kind !== 'seen')
    return departure === undefined ? html`` : link('wait', 'Who belongs in the org', word);
  const { person, trace } = entry;
  const manner = person.kind === 'member' ? 'good' : person.kind === 'leaver' ? 'wait' : 'bad';
  return link(
    departure === undefined ? manner : 'wait',
    'Who belongs in the org',
    html`${facts([
      ['active', verdict(trace.active)],
      ['scope', verdict(trace.scope)],
    ])}${told(belongingInWords(person), manner)}${word}`,
  );
}

const verdict = ({ rule, outcome, saw }: RuleStep): Html =>
  html`<code>${rule}</code> → ${outcomeOf(outcome)} ${sawValues(saw)}`;

function outcomeOf(outcome: RuleStep['outcome']): Html {
  switch (outcome.kind) {
    case 'value':
      return html`<strong class="${outcome.value === true ? 'yes' : 'no'}">${shownValue(outcome.value)}</strong>`;
    case 'unset':
      return html`nothing`;
    case 'failure':
      return html`<strong class="no">${outcome.reason}</strong>`;
    default:
      return outcome satisfies never;
  }
}

export function matchLink(person: ExplainedPerson, now: Date): Html {
  const { link: tie, profile, ruling } = person;
  const since = (at: Date | undefined): Html | undefined => (at === undefined ? undefined : when(at, now));
  const manner =
    profile.kind === 'there'
      ? profile.profile.isActive
        ? 'good'
        : 'bad'
      : profile.kind === 'none'
        ? 'wait'
        : 'bad';
  return link(
    manner,
    'Their profile',
    facts([
      ['Profile', profileInWords(person)],
      ['Tie', tieInWords(person, now)],
      ['Absent', since(tie?.absentSince)],
      ['Deleted by the source’s word', since(tie?.deletedSince)],
      [
        'Blocked by Rollcall',
        tie?.deactivatedByUs === true ? (since(tie.deactivatedAt) ?? 'yes') : undefined,
      ],
      [
        'Invited',
        tie === undefined || tie.invitations === 0
          ? undefined
          : html`${tie.invitations} times, the last ${since(tie.invitedAt) ?? ''}`,
      ],
      ['Ruling', ruling === undefined ? undefined : rulingInWords(ruling, now)],
    ]),
  );
}

function profileInWords({ profile, link: tie }: ExplainedPerson): Html {
  const id = tie?.profileId ?? '';
  switch (profile.kind) {
    case 'there': {
      const { profileId, isActive, email } = profile.profile;
      return html`<code>${profileId}</code>, <strong class="${isActive ? 'yes' : 'no'}">${isActive ? 'active' : 'inactive'}</strong>${email === undefined ? '' : html`, <bdi>${email}</bdi>`}`;
    }
    case 'deleted':
      return html`<code>${id}</code> is not in the org any more`;
    case 'none':
      return html`none`;
    case 'unknown':
      return html`<code>${id}</code> could not be asked for. ${profile.sentence}`;
    default:
      return profile satisfies never;
  }
}

/** What the mapping gives, against what the org has. */
export function wantedLink(person: ExplainedPerson): Html {
  const { entry, comparison } = person;
  if (entry.kind !== 'seen' || entry.trace.mapping.length === 0) return html``;
  const isMember = entry.person.kind === 'member';
  const differs = comparison.some(({ compared }) => compared.kind === 'differs');
  return link(
    isMember ? (differs ? 'wait' : 'good') : 'plain',
    isMember
      ? 'What they should be in the org'
      : 'What the mapping gives, which counts only for those who belong in the org',
    comparedAttributes(person, entry.trace.mapping),
  );
}

export function nextLink({ next, history }: ExplainedPerson, now: Date): Html {
  const { said, incomplete } = lastRunInWords(history, now);
  return link(
    nextManner(next),
    'The next run',
    html`${told(nextInWords(next))}
${next.kind === 'operation' ? changes(next.operation) : ''}
${next.kind === 'held' ? html`<p><a class="button" href="/runs/${next.operation.run_id}">Look at the plan</a></p>` : ''}
${next.kind !== 'unknown' && next.wasOrgListed ? told('Only the whole org tells whether somebody has a profile already: it was listed.') : ''}
${said === undefined ? '' : told(said)}${incomplete === undefined ? '' : told(incomplete, 'wait')}`,
  );
}

function nextManner({ kind }: Next): Manner {
  if (kind === 'nothing') return 'good';
  return kind === 'unknown' ? 'bad' : 'wait';
}
