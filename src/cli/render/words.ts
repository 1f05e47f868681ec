/** How operations, findings and states are called and marked. */
import type { OperationKind, OperationState } from '../../store/operation.ts';
import type { Operation } from '../../store/operations.ts';
import type { FindingKind, RunState } from '../../store/schema.ts';
import type { Colours, Paint } from './colours.ts';
import { printable } from './printable.ts';

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

const signs: Readonly<Record<OperationKind, string>> = {
  purge: 'x',
  deactivate: '-',
  reactivate: '+',
  edit: '~',
  adopt: '~',
  create: '+',
  invite: '+',
};

export const signOf = (kind: OperationKind): string => signs[kind];

export function paintOfKind(kind: OperationKind, colour: Colours): Paint {
  return { x: colour.red, '-': colour.red, '+': colour.green }[signs[kind]] ?? colour.yellow;
}

export function paintOfState(state: OperationState | RunState, colour: Colours): Paint | undefined {
  switch (state) {
    case 'failed':
      return colour.red;
    case 'held':
    case 'planned':
      return colour.yellow;
    case 'done':
      return colour.green;
    case 'running':
    case 'reading':
    case 'executing':
      return colour.cyan;
    case 'requested':
    case 'queued':
    case 'superseded':
    case 'rejected':
    case 'expired':
    case 'discarded':
      return undefined;
    default:
      return state satisfies never;
  }
}

export const waitsForApproval = ({ state }: Pick<Operation, 'state'>): boolean =>
  state === 'planned' || state === 'held';

/** Held by a guard, which is more than waiting for the approval that every dry run waits for. */
export const isHeld = (operation: Pick<Operation, 'state' | 'hold'>): boolean =>
  operation.state === 'held' || (operation.state === 'planned' && operation.hold !== null);

/** By e-mail where there is one, and by the name that the source gives: two people are never told as one. */
export function personInWords({ email, label }: { readonly email: string | null; readonly label: string }): {
  readonly name: string;
  readonly label: string;
} {
  const name = email === null || email === '' ? label : email;
  return { name: printable(name), label: name === label || label === '' ? '' : `(${printable(label)})` };
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
