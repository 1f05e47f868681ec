/** What the source says of somebody, and what its rules make of it. */
import type { SourceEntry } from '../../../engine/index.ts';
import type { Identity, RuleStep } from '../../../identity/index.ts';
import { absenceInWords } from '../../../words/person.ts';
import { printable } from '../../../words/printable.ts';
import { absoluteTime } from '../../../words/time.ts';
import type { Screen } from '../colours.ts';
import { field, sentence } from './layout.ts';
import { sawInWords, valueInWords } from './values.ts';

export function renderSource(entry: SourceEntry, screen: Screen): readonly string[] {
  switch (entry.kind) {
    case 'seen':
      return [
        ...entryLines(entry.identity, screen),
        ...(entry.incomplete === undefined ? [] : sentence(entry.incomplete, screen, screen.colour.yellow)),
      ];
    case 'unusable':
      return sentence(entry.reason, screen, screen.colour.red);
    case 'not-shown':
      return sentence(absenceInWords(entry), screen, screen.colour.yellow);
    case 'unreachable':
      return [
        ...sentence(`It could not be asked. ${entry.sentence}`, screen, screen.colour.red),
        ...sentence('What follows is what the store knows.', screen),
      ];
    case 'not-configured':
      return sentence(
        'The configuration has no such source any more; what follows is what the store knows.',
        screen,
        screen.colour.yellow,
      );
    default:
      return entry satisfies never;
  }
}

function entryLines(identity: Identity, screen: Screen): readonly string[] {
  const { colour } = screen;
  const { label, login, email, active, whyInactive, leaveAt, leaveAtFrom, groups, employeeNumber } = identity;
  const shown = (value: string | undefined): string =>
    value === undefined ? colour.dim('none') : printable(value);
  return [
    ...field('entry', printable(label), screen),
    ...field('login', shown(login), screen),
    ...field('e-mail', shown(email), screen),
    ...(employeeNumber === undefined ? [] : field('number', printable(employeeNumber), screen)),
    ...field(
      'account',
      active ? 'enabled' : colour.red(printable(whyInactive ?? 'The account is disabled in the source.')),
      screen,
    ),
    ...(leaveAt === undefined
      ? []
      : field('leaves', `${absoluteTime(leaveAt)} (${printable(leaveAtFrom ?? 'leave date')})`, screen)),
    ...(groups.length === 0 ? [] : field('groups', groups.map(printable).join('; '), screen)),
  ];
}

/** The rule, the values that it saw, and what it says. */
export function renderVerdict(name: string, step: RuleStep, screen: Screen): readonly string[] {
  const { colour } = screen;
  const outcome = outcomeInWords(step, screen);
  const saw = sawInWords(step.saw);
  return [
    ...field(name, `${printable(step.rule)}  ${colour.bold('→')} ${outcome}`, screen),
    ...(saw === '' ? [] : field('', colour.dim(`with ${saw}`), screen)),
  ];
}

function outcomeInWords({ outcome }: RuleStep, { colour }: Screen): string {
  switch (outcome.kind) {
    case 'value':
      return outcome.value === true ? colour.green('true') : colour.red(valueInWords(outcome.value));
    case 'unset':
      return colour.dim('nothing');
    case 'failure':
      return colour.red(printable(outcome.reason));
    default:
      return outcome satisfies never;
  }
}
