/** The mapping, attribute by attribute: what it gives, what the org has, and what follows. */
import type { ToldComparison, ToldMappingStep, ToldPerson } from '../../../json/index.ts';
import { leftInWords } from '../../../words/person.ts';
import { printable } from '../../../words/printable.ts';
import type { Screen } from '../colours.ts';
import { displayWidth } from '../display-width.ts';
import { wrap } from '../wrap.ts';
import { below, padTo } from './layout.ts';
import { sawInWords, valueInWords } from './values.ts';

export function renderAttributes(
  { comparison, link }: Pick<ToldPerson, 'comparison' | 'link'>,
  steps: readonly ToldMappingStep[],
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
const insteadOf = (compared: ToldComparison | undefined): readonly string[] =>
  compared === undefined || compared.givenBy === null
    ? []
    : [`source ${printable(compared.givenBy)} goes first for it, and gives ${valueInWords(compared.wanted)}`];

function given({ outcome, value, failure }: ToldMappingStep, { colour }: Screen): string {
  switch (outcome) {
    case 'value':
      return valueInWords(value);
    case 'unset':
      return colour.dim('nothing');
    case 'failure':
      return colour.red(printable(failure ?? ''));
    default:
      return outcome satisfies never;
  }
}

function ruleInWords({ rule, saw }: ToldMappingStep): string {
  const values = sawInWords(saw);
  const isPlain = Object.keys(saw).length === 1 && saw[rule] !== undefined;
  return values === '' || isPlain ? printable(rule) : `${printable(rule)} with ${values}`;
}

function verdictOn(
  step: ToldMappingStep,
  compared: ToldComparison | undefined,
  wasSent: boolean,
  { colour }: Screen,
): { readonly sign: string; readonly verdict: readonly string[] } {
  if (compared === undefined)
    return {
      sign: ' ',
      verdict: step.outcome === 'unset' ? ['not set, and left as it is in the org'] : [],
    };
  const { shown, isShown, result } = compared;
  const has = isShown ? `the org has ${valueInWords(shown)}` : 'the org never shows it';
  switch (result) {
    case 'same':
      return {
        sign: colour.green('='),
        verdict: [!isShown ? 'the org never shows it; it is as it was last sent' : 'as in the org'],
      };
    case 'differs':
      return {
        sign: colour.yellow('~'),
        verdict: [
          !isShown && wasSent ? 'the org never shows it; another value was last sent' : has,
          'differs',
        ],
      };
    case 'left':
      return {
        sign: colour.dim('.'),
        verdict: [has, ...(compared.whyLeft === null ? [] : [leftInWords[compared.whyLeft]])],
      };
    default:
      return result satisfies never;
  }
}
