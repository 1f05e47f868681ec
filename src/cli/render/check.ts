/** What `check` found of one part, one line each, with the mend below. */
import type { ProbeFinding } from '../../../connectors/connector.ts';
import { printable } from '../../words/printable.ts';
import type { Screen } from './colours.ts';
import { wrap } from './wrap.ts';

/** One part that was checked, such as the configuration or a source. */
export interface CheckView {
  readonly part: string;
  readonly findings: readonly ProbeFinding[];
}

const indent = 6;

export function renderCheck({ part, findings }: CheckView, screen: Screen): readonly string[] {
  return [
    screen.colour.bold(printable(part)),
    ...findings.flatMap((finding) => renderFinding(finding, screen)),
  ];
}

function renderFinding({ ok, text, mend }: ProbeFinding, { colour, width }: Screen): readonly string[] {
  const mark = ok ? colour.green('ok ') : colour.bold(colour.red('BAD'));
  const [first = '', ...more] = wrap(printable(text), width, indent);
  return [
    `  ${mark} ${first.slice(indent)}`,
    ...more,
    ...(mend === undefined ? [] : wrap(printable(mend), width, indent).map(colour.yellow)),
  ];
}
