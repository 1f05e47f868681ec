/** What the source says of somebody, and what its rules make of it. */
import type { ToldSourceEntry, ToldStep } from '../../../json/index.ts';
import { printable } from '../../../words/printable.ts';
import { absoluteTime } from '../../../words/time.ts';
import type { Screen } from '../colours.ts';
import { field, sentence } from './layout.ts';
import { sawInWords, valueInWords } from './values.ts';

export function renderSource(entry: ToldSourceEntry, screen: Screen): readonly string[] {
  switch (entry.kind) {
    case 'seen':
      return [
        ...entryLines(entry, screen),
        ...(entry.incomplete === null ? [] : sentence(entry.incomplete, screen, screen.colour.yellow)),
      ];
    case 'unusable':
      return sentence(entry.reason, screen, screen.colour.red);
    case 'not-shown':
      return sentence(entry.sentence, screen, screen.colour.yellow);
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

function entryLines(entry: Extract<ToldSourceEntry, { kind: 'seen' }>, screen: Screen): readonly string[] {
  const { colour } = screen;
  const { label, login, email, isActive, whyInactive, leavesAt, leavesAtFrom, groups, employeeNumber } =
    entry;
  const shown = (value: string | null): string => (value === null ? colour.dim('none') : printable(value));
  return [
    ...field('entry', printable(label), screen),
    ...field('login', shown(login), screen),
    ...field('e-mail', shown(email), screen),
    ...(employeeNumber === null ? [] : field('number', printable(employeeNumber), screen)),
    ...field(
      'account',
      isActive ? 'enabled' : colour.red(printable(whyInactive ?? 'The account is disabled in the source.')),
      screen,
    ),
    ...(leavesAt === null
      ? []
      : field(
          'leaves',
          `${absoluteTime(new Date(leavesAt))} (${printable(leavesAtFrom ?? 'leave date')})`,
          screen,
        )),
    ...(groups.length === 0 ? [] : field('groups', groups.map(printable).join('; '), screen)),
  ];
}

/** The rule, the values that it saw, and what it says. */
export function renderVerdict(name: string, step: ToldStep, screen: Screen): readonly string[] {
  const { colour } = screen;
  const outcome = outcomeInWords(step, screen);
  const saw = sawInWords(step.saw);
  return [
    ...field(name, `${printable(step.rule)}  ${colour.bold('→')} ${outcome}`, screen),
    ...(saw === '' ? [] : field('', colour.dim(`with ${saw}`), screen)),
  ];
}

function outcomeInWords({ outcome, value, failure }: ToldStep, { colour }: Screen): string {
  switch (outcome) {
    case 'value':
      return value === true ? colour.green('true') : colour.red(valueInWords(value));
    case 'unset':
      return colour.dim('nothing');
    case 'failure':
      return colour.red(printable(failure ?? ''));
    default:
      return outcome satisfies never;
  }
}
