/** Holds edits where one attribute of many people would change, or be emptied: a mapping mistake looks like that. Pure. */
import type { AttributeValue, ProfileAttributes } from '../../profile-api/profile.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import type { HoldReason } from '../../store/schema.ts';
import type { Circumstances, GuardedOperation, GuardLimits, Holdable } from './guarded.ts';
import { allowedOf, earlierInWords, excessInWords, shareInWords } from './limit.ts';

type ValueGuard = 'maxBlanked' | 'maxEdits';

/**
 * Which operations a guard over values counts and holds. An adoption makes somebody's values those of the source, as the
 * first run is to do for everybody, so it is no edit; but a value that it empties is lost just the same.
 */
const concerned: Readonly<Record<ValueGuard, ReadonlySet<OperationKind>>> = {
  maxBlanked: new Set(['edit', 'adopt', 'reactivate']),
  maxEdits: new Set(['edit']),
};

const shownAtMost = 3;

interface Touched {
  /** Of this run; who stands for it is named by e-mail, else by their id. */
  readonly now: Map<string, string>;
  /** Of earlier runs alone. */
  readonly earlier: Set<string>;
}

export function holdsOfEdits(
  operations: readonly GuardedOperation[],
  limits: Pick<GuardLimits, ValueGuard>,
  circumstances: Circumstances,
): readonly HoldReason[] {
  return [
    ...holdsOf('maxBlanked', blankedBy, 'would be emptied', operations, limits, circumstances),
    ...holdsOf('maxEdits', changedBy, 'would change', operations, limits, circumstances),
  ];
}

function holdsOf(
  guard: ValueGuard,
  attributesOf: (operation: GuardedOperation) => readonly string[],
  what: string,
  operations: readonly GuardedOperation[],
  { [guard]: limit }: Pick<GuardLimits, ValueGuard>,
  { linkedActive, earlier, raised: { [guard]: raised } }: Circumstances,
): readonly HoldReason[] {
  const allowed = allowedOf(linkedActive, limit, raised);
  const counts = (operation: GuardedOperation): boolean => concerned[guard].has(operation.kind);
  const byAttribute = countByAttribute(operations.filter(counts), earlier.filter(counts), attributesOf);
  return [...byAttribute].flatMap(([attribute, touched]): readonly HoldReason[] => {
    const count = touched.now.size + touched.earlier.size;
    if (count <= allowed) return [];
    const examples = [...touched.now.values()].slice(0, shownAtMost).join(', ');
    const sentence = `${attribute} of ${count} people ${what}${earlierInWords(touched.earlier.size)}${shareInWords(count, linkedActive)}, ${excessInWords(guard, allowed, limit, raised)} Among them: ${examples}. Look whether mapping.${attribute} is right.`;
    return [{ guard, kind: 'edit', attribute, count, sentence }];
  });
}

function countByAttribute(
  now: readonly GuardedOperation[],
  earlier: readonly GuardedOperation[],
  attributesOf: (operation: GuardedOperation) => readonly string[],
): ReadonlyMap<string, Touched> {
  const found = new Map<string, Touched>();
  for (const operation of now)
    for (const attribute of attributesOf(operation)) {
      const touched = found.get(attribute) ?? { now: new Map(), earlier: new Set() };
      found.set(attribute, touched);
      touched.now.set(operation.anchor, operation.email || operation.anchor);
    }
  for (const operation of earlier)
    for (const attribute of attributesOf(operation)) {
      const touched = found.get(attribute);
      if (touched !== undefined && !touched.now.has(operation.anchor)) touched.earlier.add(operation.anchor);
    }
  return found;
}

/** Whoever is active is a state, which other guards look at. */
const changedBy = ({ after }: Pick<GuardedOperation, 'after'>): readonly string[] =>
  Object.keys(after).filter((attribute) => attribute !== 'is_active');

/** The attributes that had a value, and have none afterwards. */
const blankedBy = ({ before, after }: GuardedOperation): readonly string[] =>
  changedBy({ after }).filter((attribute) => {
    const had = ownValue(before, attribute);
    return had !== undefined && !isBlank(had) && isBlank(ownValue(after, attribute) ?? null);
  });

const ownValue = (attributes: ProfileAttributes, name: string): AttributeValue | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;

const isBlank = (value: AttributeValue): boolean =>
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Whether a hold is over values, and the operation changes that attribute: to nothing or to anything. */
export function isOverValues(
  { guard, attribute }: Pick<HoldReason, 'guard' | 'attribute'>,
  { kind, after }: Pick<Holdable, 'kind' | 'after'>,
): boolean {
  const kinds = guard === 'maxBlanked' || guard === 'maxEdits' ? concerned[guard] : undefined;
  return attribute !== undefined && (kinds?.has(kind) ?? false) && Object.hasOwn(after, attribute);
}
