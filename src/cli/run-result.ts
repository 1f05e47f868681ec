/** How a run ended, in words and as an exit status. */

import type { WaitEnd } from '../engine/index.ts';
import type { OperationState } from '../store/operation.ts';
import { type ExitCode, exitCodes } from './exit.ts';

export function exitCodeOf({ run, counts, paused, unconfirmed, unverified }: WaitEnd): ExitCode {
  if (paused !== undefined || run.state === 'failed') return exitCodes.failed;
  if (run.state === 'held') return exitCodes.held;
  const isConfirmed = unconfirmed === 0 && unverified === undefined;
  return (counts.get('failed') ?? 0) > 0 || !isConfirmed ? exitCodes.withFailures : exitCodes.done;
}

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

/** Such as `3 done, 1 failed, 12 held`. */
export function countsInWords(counts: ReadonlyMap<OperationState, number>): string {
  const parts = operationStates.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
}
