/** The mapping, attribute by attribute: what it gives, what the org has, and what follows. */
import type { ComparedAttribute, ExplainedPerson } from '../../../engine/index.ts';
import type { MappingStep } from '../../../identity/index.ts';
import { leftInWords } from '../../../words/person.ts';
import { printable } from '../../../words/printable.ts';
import type { Screen } from '../colours.ts';
import { displayWidth } from '../display-width.ts';
import { wrap } from '../wrap.ts';
import { below, padTo } from './layout.ts';
import { sawInWords, valueInWords } from './values.ts';

export function renderAttributes(
  { comparison, link }: Pick<ExplainedPerson, 'comparison' | 'link'>,
  steps: readonly MappingStep[],
  screen: Screen,
): readonly string[] {
  const byName = new Map(comparison.map((one) => [one.attribute, one]));
  const widest = Math.max(...steps.map(({ attribute }) => displayWidth(printable(attribute))));
  return steps.flatMap((step) => {
    const compared = byName.get(step.attribute);
    const { sign, verdict } = verdictOn(step, compared, link?.applied[step.attribute] !== undefined, screen);
    const name = padTo(printable(step.attribute), widest);
    const [first = '', ...more] = wrap(`${name}  ${given(step, screen)}`, screen.width, 4);
    return [
      `  ${sign} ${first.trimStart()}`,
      ...more,
      ...below([`by ${ruleInWords(step)}`, ...insteadOf(compared), ...verdict].join('; '), screen),
    ];
  });
}

/** Another source's value that goes first. */
const insteadOf = (compared: ComparedAttribute | undefined): readonly string[] =>
  compared?.givenBy === undefined
    ? []
    : [`source ${printable(compared.givenBy)} goes first for it, and gives ${valueInWords(compared.wanted)}`];

function given({ outcome }: MappingStep, { colour }: Screen): string {
  switch (outcome.kind) {
    case 'value':
      return valueInWords(outcome.value);
    case 'unset':
      return colour.dim('nothing');
    case 'failure':
      return colour.red(printable(outcome.reason));
    default:
      return outcome satisfies never;
  }
}

function ruleInWords({ rule, saw }: MappingStep): string {
  const values = sawInWords(saw);
  const isPlain = Object.keys(saw).length === 1 && saw[rule] !== undefined;
  return values === '' || isPlain ? printable(rule) : `${printable(rule)} with ${values}`;
}

function verdictOn(
  step: MappingStep,
  compared: ComparedAttribute | undefined,
  wasSent: boolean,
  { colour }: Screen,
): { readonly sign: string; readonly verdict: readonly string[] } {
  if (compared === undefined)
    return {
      sign: ' ',
      verdict: step.outcome.kind === 'unset' ? ['not set, and left as it is in the org'] : [],
    };
  const { shown, compared: how } = compared;
  const has = (value: typeof shown): string =>
    value === undefined ? 'the org never shows it' : `the org has ${valueInWords(value)}`;
  switch (how.kind) {
    case 'same':
      return {
        sign: colour.green('='),
        verdict: [
          shown === undefined ? 'the org never shows it; it is as it was last sent' : 'as in the org',
        ],
      };
    case 'differs':
      return {
        sign: colour.yellow('~'),
        verdict: [
          shown === undefined && wasSent ? 'the org never shows it; another value was last sent' : has(shown),
          'differs',
        ],
      };
    case 'left':
      return { sign: colour.dim('.'), verdict: [has(shown), leftInWords[how.why]] };
    default:
      return how satisfies never;
  }
}
