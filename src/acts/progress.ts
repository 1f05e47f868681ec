import type { OperationState } from '../store/operations/operation.ts';

/** Operations that have come to an end, of how many. */
export function progressOf(counts: ReadonlyMap<OperationState, number>): {
  readonly ended: number;
  readonly total: number;
} {
  let total = 0;
  let open = 0;
  for (const [state, count] of counts) {
    if (state === 'held' || state === 'planned') continue;
    total += count;
    if (state === 'queued' || state === 'running') open += count;
  }
  return { ended: total - open, total };
}
