/** The list of runs, newest first. */
import type { ToldCountedRun } from '../../json/index.ts';
import { timeInWords } from '../../words/time.ts';
import { operationKinds, operationStates } from '../../words/words.ts';
import type { Screen } from './colours.ts';
import { renderTable } from './table.ts';
import { paintOfState } from './words.ts';

export function renderRuns(runs: readonly ToldCountedRun[], screen: Screen, now: Date): readonly string[] {
  if (runs.length === 0) return ['There has been no run yet. `rollcall plan` makes a dry run.'];
  return renderTable(
    ['RUN', 'SOURCE', 'STATE', 'MODE', 'BY', 'REQUESTED', 'RESULT'],
    runs.map((run) => [
      { text: run.id, paint: screen.colour.bold },
      run.source,
      { text: run.state, paint: paintOfState(run.state, screen.colour) },
      `${run.mode === 'plan' ? 'dry run' : 'apply'}${run.reading === 'delta' ? ', delta' : ''}`,
      run.actor,
      timeInWords(new Date(run.requestedAt), now),
      { text: resultOf(run), paint: run.error === null ? undefined : screen.colour.red },
    ]),
    screen,
  );
}

/** Such as `2 deactivate, 3 edit (5 done); 1 in conflict`, or what it failed of. */
function resultOf(run: ToldCountedRun): string {
  const only = run.onlyWho === null ? '' : `${run.onlyWho} alone: `;
  if (run.error !== null) return `${only}${run.error}`;
  const { summary } = run;
  if (summary === null) return only.replace(': ', '');
  const planned = operationKinds.flatMap((kind) => {
    const count = summary.operations[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  const states = operationStates.flatMap((state) => {
    const count = run.counts[state] ?? 0;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  const parts = [
    planned.length === 0 ? 'nothing to do' : planned.join(', '),
    ...(summary.conflicts === 0 ? [] : [`${summary.conflicts} in conflict`]),
    ...(summary.skipped === 0 ? [] : [`${summary.skipped} skipped`]),
    ...(summary.incomplete === null ? [] : ['INCOMPLETE READING']),
    ...(summary.fallback === null ? [] : ['read as a whole']),
    ...(run.raiseReason === null ? [] : ['guards raised']),
    ...(run.approvedBy === null && run.approvals[0] !== undefined
      ? [`approved by 1 of 2, ${run.approvals[0].actor}`]
      : []),
  ];
  return `${only}${parts.join('; ')}${states.length === 0 ? '' : ` (${states.join(', ')})`}`;
}
