/** What a plan comes to in a line or two, and what is to be done next. */
import type { OperationKind } from '../../store/operation.ts';
import type { Run } from '../../store/runs.ts';
import type { FindingKind } from '../../store/schema.ts';
import type { Screen } from './colours.ts';
import type { PlanView } from './plan-view.ts';
import { printable } from './printable.ts';
import { absoluteTime } from './time.ts';
import { isHeld, operationKinds, plural, waitsForApproval } from './words.ts';
import { wrap } from './wrap.ts';

/** Such as `Plan k3v9m2wt for corp: 2 to deactivate (held), 3 to edit; 180 unchanged, 1 conflict.` */
export function summaryLine({ run, operations, findings }: PlanView): string {
  const counts = countsByKind({ run, operations });
  const held = new Set(operations.filter(isHeld).map((operation) => operation.kind));
  const toDo = operationKinds.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    return count === 0 ? [] : [`${count} to ${kind}${held.has(kind) ? ' (held)' : ''}`];
  });
  const found = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
  const rest = [
    ...(run.summary === null ? [] : [`${run.summary.unchanged} unchanged`]),
    ...some(Math.max(found('conflict'), run.summary?.conflicts ?? 0), (count) => plural(count, 'conflict')),
    ...some(Math.max(found('skipped'), run.summary?.skipped ?? 0), (count) => `${count} skipped`),
    ...some(found('unconfirmed'), (count) => `${count} still active`),
    ...some(found('waiting'), (count) => `${count} waiting`),
    ...some(found('left'), (count) => `${count} left alone`),
  ];
  const only = run.only_who === null ? '' : `, ${run.only_who} alone`;
  const said = [
    toDo.length === 0 ? 'nothing to do' : toDo.join(', '),
    ...(rest.length === 0 ? [] : [rest.join(', ')]),
  ];
  return printable(`Plan ${run.id} for ${run.source_id}${only}: ${said.join('; ')}.`);
}

/** What the run planned, by its own count; the operations at hand may be a part of them. */
function countsByKind({ run, operations }: Pick<PlanView, 'run' | 'operations'>) {
  if (run.summary !== null) return run.summary.operations;
  const counts: Partial<Record<OperationKind, number>> = {};
  for (const { kind } of operations) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const some = (count: number, text: (count: number) => string): readonly string[] =>
  count === 0 ? [] : [text(count)];

/** What the reader can do now; nothing where nothing waits for them. */
export function nextSteps({ run, operations }: PlanView, { colour, width }: Screen): readonly string[] {
  const ended = endInWords(run);
  if (ended !== undefined) return wrap(ended, width);
  const waiting = operations.filter(waitsForApproval).length;
  if (waiting === 0) return [];
  const until = run.expires_at === null ? '' : `, until ${absoluteTime(run.expires_at)}`;
  const isDryRun = run.mode === 'plan';
  return [
    ...wrap(
      isDryRun
        ? `Nothing of it is carried out before somebody approves it${until}:`
        : `${plural(waiting, 'operation')} ${waiting === 1 ? 'waits' : 'wait'} for approval${until}; the rest goes on:`,
      width,
    ),
    colour.cyan(`  rollcall approve ${printable(run.id)} --reason "..."`),
    colour.dim(`  rollcall reject ${printable(run.id)} --reason "..."  drops ${isDryRun ? 'it' : 'them'}`),
  ];
}

function endInWords(run: Run): string | undefined {
  if (run.state === 'rejected') return 'It was rejected; nothing of it is carried out.';
  if (run.state === 'expired')
    return 'Its time for approval is over; nothing of it is carried out. Make a new plan.';
  return undefined;
}
