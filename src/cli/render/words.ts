/** How operations and states are marked on a terminal. */
import type { OperationKind, OperationState } from '../../store/operations/operation.ts';
import type { RunState } from '../../store/schema.ts';
import { printable } from '../../words/printable.ts';
import type { Colours, Paint } from './colours.ts';

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

/** By e-mail where there is one, and by the name that the source gives: two people are never told as one. */
export function personInWords({ email, label }: { readonly email: string | null; readonly label: string }): {
  readonly name: string;
  readonly label: string;
} {
  const name = email === null || email === '' ? label : email;
  return { name: printable(name), label: name === label || label === '' ? '' : `(${printable(label)})` };
}
