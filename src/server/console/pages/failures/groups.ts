/** What has failed, by cause. */
import { createHash } from 'node:crypto';
import type { Failure } from '../../../../store/failures.ts';
import type { OperationId, OperationKind } from '../../../../store/operation.ts';
import { causeOf } from '../../../../words/cause.ts';

export interface FailureGroup {
  /** Names the cause in addresses and forms, whatever is in its sentence. */
  readonly key: string;
  readonly cause: string;
  /** The latest first. */
  readonly ids: readonly OperationId[];
  readonly kinds: ReadonlyMap<OperationKind, number>;
  readonly sources: readonly string[];
  readonly lastAt: Date | undefined;
}

const untold = 'No reason was noted.';

/** @param failures - the latest first. @returns the largest group first */
export function groupedByCause(failures: readonly Failure[]): readonly FailureGroup[] {
  const byCause = Map.groupBy(failures, ({ message }) => causeOf(message ?? '') || untold);
  return [...byCause]
    .map(([cause, of]) => ({
      key: createHash('sha256').update(cause).digest('hex').slice(0, 12),
      cause,
      ids: of.map(({ id }) => id),
      kinds: new Map([...Map.groupBy(of, ({ kind }) => kind)].map(([kind, some]) => [kind, some.length])),
      sources: [...new Set(of.map(({ source_id }) => source_id))].sort(),
      lastAt: of[0]?.ended_at ?? undefined,
    }))
    .toSorted((one, other) => other.ids.length - one.ids.length);
}
