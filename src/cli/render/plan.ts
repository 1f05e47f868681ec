/** A plan as a person reads it before approving it: like a diff. */
import type { ToldFinding, ToldPlan, ToldRun } from '../../json/index.ts';
import { printable } from '../../words/printable.ts';
import { findingKinds, findingTitles } from '../../words/words.ts';
import type { Paint, Screen } from './colours.ts';
import { type Extent, firstOf, renderOperationGroups } from './plan-operations.ts';
import {
  emptinessInWords,
  failureInWords,
  nextSteps,
  rowsInWords,
  summaryLine,
  unkeptInWords,
} from './plan-summary.ts';
import { type PlanWarning, warningsOf } from './plan-warnings.ts';
import { personInWords } from './words.ts';
import { wrap } from './wrap.ts';

/** Warnings first, then what is to be done, then for whom nothing is done and why, then the sum and the next step. */
export function renderPlan(
  view: ToldPlan,
  screen: Screen,
  extent: Extent = { all: false },
): readonly string[] {
  const { run, operations, findings } = view;
  if (run.state === 'failed') return failure(run, screen);
  const lines = [
    ...warnings(view, screen),
    ...renderOperationGroups(operations, screen, extent),
    ...renderFindings(findings, screen, extent),
    '',
    ...emptinessInWords(view).flatMap((line) => wrap(printable(line), screen.width)),
    ...wrap(summaryLine(view), screen.width).map(screen.colour.bold),
    ...unkeptInWords(view).flatMap((line) => wrap(printable(line), screen.width)),
    ...rowsInWords(view).flatMap((line) => wrap(line, screen.width)),
    ...nextSteps(view, screen),
  ];
  return lines[0] === '' ? lines.slice(1) : lines;
}

function failure(run: ToldRun, { colour, width }: Screen): readonly string[] {
  return wrap(printable(failureInWords(run)), width).map(colour.red);
}

function warnings(view: ToldPlan, { colour, width }: Screen): readonly string[] {
  const paints: Readonly<Record<PlanWarning['kind'], Paint>> = {
    raised: colour.yellow,
    fallback: colour.yellow,
    incomplete: (line) => colour.bold(colour.red(line)),
    held: (line) => colour.bold(colour.yellow(line)),
  };
  return warningsOf(view).flatMap(({ kind, text }) => wrap(printable(text), width).map(paints[kind]));
}

function renderFindings(findings: readonly ToldFinding[], screen: Screen, extent: Extent): readonly string[] {
  const { colour, width } = screen;
  return findingKinds.flatMap((kind) => {
    const group = findings.filter((finding) => finding.kind === kind);
    if (group.length === 0) return [];
    const paint = kind === 'conflict' ? colour.magenta : colour.bold;
    return [
      '',
      colour.bold(paint(`${findingTitles[kind]}: ${group.length}`)),
      ...firstOf(group, extent, screen, (finding) => {
        const { name, label } = personInWords(finding);
        return [
          `${paint(kind === 'conflict' ? '!' : '*')} ${[name, ...(label === '' ? [] : [colour.dim(label)])].join('  ')}`,
          ...wrap(printable(finding.reason), width, 4).map(colour.dim),
        ];
      }),
    ];
  });
}
