/** Checks that hold operations back until a person approves them. Pure. */
import type { ProposedOperation } from '../reconcile/index.ts';
import type { OperationKind } from '../store/operation.ts';
import type { HoldReason } from '../store/schema.ts';

export interface GuardLimits {
  readonly maxDeactivations: { readonly count: number; readonly percent: number };
}

/**
 * Says which kinds of a run's operations are to be held, and why. All of a kind are held, not those beyond the limit:
 * nobody could say which of them are the mistake.
 *
 * @param linkedActive - linked people of the source whose profile is active: what the percentage is taken of
 */
export function guard(
  operations: readonly Pick<ProposedOperation, 'kind'>[],
  linkedActive: number,
  { maxDeactivations }: GuardLimits,
): readonly HoldReason[] {
  const deactivations = operations.filter((operation) => operation.kind === 'deactivate').length;
  // 0.57 % of 10,000 is 56.99999999999999 in floating point, and 57 people.
  const shareOfActive = Math.floor((linkedActive * maxDeactivations.percent) / 100 + 1e-6);
  const allowed = Math.max(maxDeactivations.count, shareOfActive);
  const purges = holdOfPurges(operations);
  if (deactivations <= allowed) return purges;

  const share =
    linkedActive === 0
      ? ''
      : ` (${percent(deactivations, linkedActive)} of ${linkedActive} linked, active people)`;
  const sentence =
    `${deactivations} people would be deactivated${share}, more than the ${allowed} that guards.maxDeactivations allows ` +
    `(the larger of ${maxDeactivations.count} people and ${maxDeactivations.percent} %).`;
  return [...purges, { guard: 'maxDeactivations', kind: 'deactivate', count: deactivations, sentence }];
}

/** Nobody is deleted without a person's word, however few they are. */
function holdOfPurges(operations: readonly Pick<ProposedOperation, 'kind'>[]): readonly HoldReason[] {
  const count = operations.filter((operation) => operation.kind === 'purge').length;
  if (count === 0) return [];
  const whose = count === 1 ? '1 profile' : `${count} profiles`;
  const sentence = `${whose} would be deleted for good, as lifecycle.purgeAfter asks for. That can't be undone.`;
  return [{ guard: 'purge', kind: 'purge', count, sentence }];
}

export const isHeldBy = (holds: readonly HoldReason[], kind: OperationKind): HoldReason | undefined =>
  holds.find((hold) => hold.kind === kind);

const percent = (part: number, whole: number): string => `${Math.round((part / whole) * 1_000) / 10} %`;
