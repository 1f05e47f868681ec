/** A plan as a person reads it before approving it: like a diff. */
import { holdOver } from '../../plan/index.ts';
import type { Run, RunFinding } from '../../store/runs.ts';
import { findingKinds, findingTitles, isHeld } from '../../words/words.ts';
import type { Screen } from './colours.ts';
import { type Extent, firstOf, renderOperationGroups } from './plan-operations.ts';
import { nextSteps, raisedInWords, rowsInWords, summaryLine, unkeptInWords } from './plan-summary.ts';
import type { PlanView } from './plan-view.ts';
import { printable } from './printable.ts';
import { personInWords } from './words.ts';
import { wrap } from './wrap.ts';

/** Warnings first, then what is to be done, then for whom nothing is done and why, then the sum and the next step. */
export function renderPlan(
  view: PlanView,
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
    ...emptiness(view, screen),
    ...wrap(summaryLine(view), screen.width).map(screen.colour.bold),
    ...unkeptInWords(view).flatMap((line) => wrap(printable(line), screen.width)),
    ...rowsInWords(view).flatMap((line) => wrap(line, screen.width)),
    ...nextSteps(view, screen),
  ];
  return lines[0] === '' ? lines.slice(1) : lines;
}

function failure(run: Run, { colour, width }: Screen): readonly string[] {
  const reason = run.error ?? 'No reason was noted.';
  const text = `Run ${run.id} for ${run.source_id} failed before it had a plan: ${reason}`;
  return wrap(printable(text), width).map(colour.red);
}

function warnings({ run, operations }: PlanView, { colour, width }: Screen): readonly string[] {
  const incomplete = run.summary?.incomplete ?? null;
  const fallback = run.summary?.fallback ?? null;
  const all = run.summary?.holds ?? [];
  const held = operations.filter(isHeld);
  const holds = all.filter((hold) => held.some((operation) => holdOver([hold], operation) !== undefined));
  return [
    ...raisedInWords(run).flatMap((line) => wrap(printable(line), width).map(colour.yellow)),
    ...(fallback === null ? [] : wrap(printable(fallback), width).map(colour.yellow)),
    ...(incomplete === null
      ? []
      : wrap(
          printable(`INCOMPLETE READING: ${incomplete} Nobody is deactivated on the word of this reading.`),
          width,
        ).map((line) => colour.bold(colour.red(line)))),
    ...holds.flatMap((hold) =>
      wrap(printable(`HELD: ${hold.sentence} They wait for approval.`), width).map((line) =>
        colour.bold(colour.yellow(line)),
      ),
    ),
  ];
}

/** Says plainly that an empty plan is empty because all is well, where that is so. */
function emptiness({ run, operations, findings }: PlanView, { width }: Screen): readonly string[] {
  const planned = Object.values(run.summary?.operations ?? {}).reduce((sum, count) => sum + count, 0);
  if (operations.length > 0 || planned > 0 || run.summary === null) return [];
  if (run.summary.incomplete !== null) return wrap('Nothing differs in what could be read.', width);
  if (findings.length > 0) return wrap('Nothing is to be done, apart from what is named above.', width);
  if (run.summary.reading === 'delta')
    return wrap(printable(`Nothing is to be done about what has changed in ${run.source_id}.`), width);
  return wrap(printable(`Nothing differs: the org is as ${run.source_id} says.`), width);
}

function renderFindings(findings: readonly RunFinding[], screen: Screen, extent: Extent): readonly string[] {
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
