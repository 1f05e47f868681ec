/** Runs in a few words. */
import { type Html, html } from '../../../../html/html.ts';
import type { OperationState } from '../../../../store/operations/operation.ts';
import type { Run } from '../../../../store/runs/runs.ts';
import type { RunState, RunTrigger } from '../../../../store/schema.ts';
import { operationKinds, operationStates } from '../../../../words/words.ts';
import { number } from '../../paging.ts';
import { outside } from '../../person.ts';

export const stateWords: Readonly<Record<RunState, string>> = {
  requested: 'waits its turn',
  reading: 'reading',
  planned: 'waits for approval',
  executing: 'under way',
  held: 'held',
  done: 'done',
  failed: 'failed',
  rejected: 'rejected',
  expired: 'expired',
};

export const stateTag = (state: RunState): Html =>
  html`<span class="tag ${state}">${stateWords[state]}</span>`;

const triggers: Readonly<Record<Exclude<RunTrigger, 'hand'>, string>> = {
  schedule: 'by schedule',
  hr: "on HR's word",
  'leave-date': 'on a leave date',
};

/** On whose word a run was made. */
export const askedBy = ({ trigger, actor }: Pick<Run, 'trigger' | 'actor'>): Html =>
  trigger === 'hand' ? html`by ${outside(actor)}` : html`${triggers[trigger]}`;

/** Such as `dry run of what has changed`. */
export const kindOfRun = ({ mode, reading }: Pick<Run, 'mode' | 'reading'>): string =>
  `${mode === 'plan' ? 'dry run' : 'apply'}, ${reading === 'delta' ? 'changes' : 'everybody'}`;

/** Such as `2 deactivate, 3 edit; 1 in conflict`, or what it failed of. */
export function resultOf(run: Run, counts: ReadonlyMap<OperationState, number>): string {
  const only = run.only_who === null ? '' : `${run.only_who} alone: `;
  if (run.error !== null) return `${only}${run.error}`;
  const { summary } = run;
  const states = operationStates.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count === 0 ? [] : [`${number(count)} ${state}`];
  });
  const ended = states.join(', ');
  if (summary === null) return `${only}${ended}`;
  const planned = operationKinds.flatMap((kind) => {
    const count = summary.operations[kind] ?? 0;
    return count === 0 ? [] : [`${number(count)} ${kind}`];
  });
  const parts = [
    planned.length === 0 ? 'nothing to do' : planned.join(', '),
    ...(summary.conflicts === 0 ? [] : [`${number(summary.conflicts)} in conflict`]),
    ...(summary.skipped === 0 ? [] : [`${number(summary.skipped)} skipped`]),
    ...(summary.incomplete === null ? [] : ['incomplete reading']),
    ...(run.approved_by === null && run.approvals[0] !== undefined
      ? [`approved by 1 of 2, ${run.approvals[0].actor}`]
      : []),
  ];
  return `${only}${parts.join('; ')}${ended === '' ? '' : ` (${ended})`}`;
}
