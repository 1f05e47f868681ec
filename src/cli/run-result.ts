/** How a run ended, in words and as an exit status. */
import type { Halt } from '../engine/index.ts';
import type { ToldCounts, ToldOperation } from '../json/index.ts';
import type { OperationState } from '../store/operations/operation.ts';
import { type ExitCode, exitCodes } from './exit.ts';
import type { ToldEnd } from './rollcall/rollcall.ts';

export function exitCodeOf({ run, counts, halt, unconfirmed, unverified }: ToldEnd): ExitCode {
  if (halt?.kind === 'trouble' || run.state === 'failed') return exitCodes.failed;
  // What somebody holds up on purpose has not failed, and is not done.
  if (run.state === 'held' || halt?.kind === 'meant') return exitCodes.held;
  const isConfirmed = unconfirmed === 0 && unverified === undefined;
  return (counts.failed ?? 0) > 0 || !isConfirmed ? exitCodes.withFailures : exitCodes.done;
}

export const haltInWords = ({ kind, sentence }: Halt): string =>
  kind === 'meant'
    ? `What is left waits; nothing has failed. ${sentence}`
    : `Execution is paused: ${sentence}`;

/** All of them, in the order that says most first. */
export const operationStates: readonly OperationState[] = [
  'done',
  'failed',
  'superseded',
  'held',
  'queued',
  'running',
  'planned',
  'rejected',
  'expired',
  'discarded',
];

/** How many are in which state. */
export function countsIn(operations: readonly Pick<ToldOperation, 'state'>[]): ToldCounts {
  const counts: Partial<Record<OperationState, number>> = {};
  for (const { state } of operations) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** Such as `3 done, 1 failed, 12 held`. */
export function countsInWords(counts: ToldCounts): string {
  const parts = operationStates.flatMap((state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
}
