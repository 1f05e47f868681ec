/** How operations and findings are called, wherever people read of them. */
import type { OperationKind, OperationState } from '../store/operations/operation.ts';
import type { Operation } from '../store/operations/operations.ts';
import type { FindingKind, RunState } from '../store/schema.ts';

/** In the order of a plan: what takes something away comes first. */
export const operationKinds = [
  'purge',
  'deactivate',
  'reactivate',
  'edit',
  'adopt',
  'create',
  'invite',
] as const satisfies readonly OperationKind[];

/** What is done or open comes before what was dropped. */
export const operationStates = [
  'done',
  'failed',
  'held',
  'planned',
  'queued',
  'running',
  'superseded',
  'rejected',
  'expired',
  'discarded',
] as const satisfies readonly OperationState[];

/** From the first to the last. */
export const runStates = [
  'requested',
  'reading',
  'planned',
  'executing',
  'held',
  'done',
  'failed',
  'rejected',
  'expired',
] as const satisfies readonly RunState[];

/** In the order of urgency. */
export const findingKinds = [
  'unconfirmed',
  'conflict',
  'skipped',
  'waiting',
  'left',
] as const satisfies readonly FindingKind[];

export const findingTitles: Readonly<Record<FindingKind, string>> = {
  unconfirmed: 'Deactivated, but still active by the word of the org',
  conflict: 'In conflict, a person must decide',
  skipped: 'Skipped, the records cannot be used',
  waiting: 'Waiting, nothing is done yet',
  left: 'Left alone, not ours to change',
};

export const waitsForApproval = ({ state }: Pick<Operation, 'state'>): boolean =>
  state === 'planned' || state === 'held';

/** Held by a guard, which is more than waiting for the approval that every dry run waits for. */
export const isHeld = (operation: Pick<Operation, 'state' | 'hold'>): boolean =>
  operation.state === 'held' || (operation.state === 'planned' && operation.hold !== null);

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
