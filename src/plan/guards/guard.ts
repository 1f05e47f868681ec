/** Checks that hold operations back until a person approves them. Pure. */
import type { HoldReason } from '../../store/schema.ts';
import { holdsOfContradictions } from './contradictions.ts';
import { holdsOfEdits, isOverValues } from './edits.ts';
import type { Circumstances, GuardedOperation, GuardLimits, Holdable } from './guarded.ts';
import { allowedOf, earlierInWords, excessInWords, type Limit, shareInWords } from './limit.ts';

/**
 * Says which of a run's operations are to be held, and why. All of a sort are held, not those beyond the limit: nobody could
 * say which of them are the mistake.
 */
export function guard(
  operations: readonly GuardedOperation[],
  limits: GuardLimits,
  circumstances: Circumstances,
): readonly HoldReason[] {
  return [
    ...holdOfPurges(operations),
    ...holdsOfContradictions(operations),
    ...holdOfDeactivations(operations, limits.maxDeactivations, circumstances),
    ...holdsOfEdits(operations, limits, circumstances),
  ];
}

function holdOfDeactivations(
  operations: readonly GuardedOperation[],
  limit: Limit,
  { linkedActive, earlier, raised }: Circumstances,
): readonly HoldReason[] {
  const now = anchorsOf(operations);
  const before = [...anchorsOf(earlier)].filter((anchor) => !now.has(anchor)).length;
  const count = now.size + before;
  const allowed = allowedOf(linkedActive, limit, raised.maxDeactivations);
  if (now.size === 0 || count <= allowed) return [];
  const sentence = `${count} people would be deactivated${earlierInWords(before)}${shareInWords(count, linkedActive)}, ${excessInWords('maxDeactivations', allowed, limit, raised.maxDeactivations)}`;
  return [{ guard: 'maxDeactivations', kind: 'deactivate', count, sentence }];
}

const anchorsOf = (operations: readonly GuardedOperation[]): ReadonlySet<string> =>
  new Set(operations.flatMap(({ kind, anchor }) => (kind === 'deactivate' ? [anchor] : [])));

/** Nobody is deleted without a person's word, however few they are. */
function holdOfPurges(operations: readonly GuardedOperation[]): readonly HoldReason[] {
  const count = operations.filter((operation) => operation.kind === 'purge').length;
  if (count === 0) return [];
  const whose = count === 1 ? '1 profile' : `${count} profiles`;
  const sentence = `${whose} would be deleted for good, as lifecycle.purgeAfter asks for. That can't be undone.`;
  return [{ guard: 'purge', kind: 'purge', count, sentence }];
}

/** The reason for which a guard holds what is stored; undefined where none does. */
export const holdOver = (
  holds: readonly HoldReason[],
  operation: Holdable & { readonly hold: string | null },
): HoldReason | undefined =>
  isHeldBy(
    holds.filter(({ guard: name }) => name === operation.hold),
    operation,
  );

/** The first reason for which an operation is held; undefined where there is none. */
export const isHeldBy = (holds: readonly HoldReason[], operation: Holdable): HoldReason | undefined =>
  holds.find((hold) => {
    if (hold.anchors?.includes(operation.anchor) === false) return false;
    return hold.attribute === undefined ? hold.kind === operation.kind : isOverValues(hold, operation);
  });
