/** The order of a plan: what takes something away first, as a reader would look for it. Pure. */
import type { Newcomers, ProposedOperation } from '../../reconcile/index.ts';
import type { OperationKind } from '../../store/operations/operation.ts';

const order: Readonly<Record<OperationKind, number>> = {
  purge: 0,
  deactivate: 1,
  reactivate: 2,
  edit: 3,
  adopt: 4,
  create: 5,
  invite: 6,
};

/** Made once: comparing without it takes twice as long. */
const byName = new Intl.Collator('en');

type Placed = Pick<ProposedOperation, 'kind' | 'email' | 'label'>;

const inOrder = (one: Placed, other: Placed): number =>
  order[one.kind] - order[other.kind] || byName.compare(one.email ?? one.label, other.email ?? other.label);

/** Both in one order; those of newcomers are made only when their turn comes. */
export function* inPlanOrder(
  operations: readonly ProposedOperation[],
  newcomers: Newcomers,
): Generator<ProposedOperation, void> {
  const others = [...operations].sort(inOrder);
  let next = 0;
  for (const number of byAddress(newcomers)) {
    const operation = newcomers.operation(number);
    for (
      let other = others[next];
      other !== undefined && inOrder(other, operation) <= 0;
      other = others[next]
    ) {
      yield other;
      next += 1;
    }
    yield operation;
  }
  yield* others.slice(next);
}

/** Newcomers by their number: all that is kept of each meanwhile is an address. They all have one, and are all of one kind. */
function byAddress(newcomers: Newcomers): Uint32Array {
  const numbers = Uint32Array.from(newcomers.numbers());
  const emails: string[] = [];
  for (const operation of newcomers.operations()) emails.push(operation.email ?? operation.label);
  return numbers
    .map((_, index) => index)
    .sort((one, other) => byName.compare(emails[one] ?? '', emails[other] ?? ''))
    .map((index) => numbers[index] ?? 0);
}
