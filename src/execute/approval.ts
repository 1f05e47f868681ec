/** On whose word an operation was released. */
import type { Kysely } from 'kysely';
import type { RunId } from '../store/operations/operation.ts';
import type { Operation } from '../store/operations/operations.ts';
import type { Database } from '../store/schema.ts';

/** Who approved the plan, and the reason that they gave. */
export interface Approval {
  readonly by: string;
  readonly reason: string | null;
}

/**
 * The approval of each operation of a run: none for those that were released before anybody was asked, as all are in a
 * run that applies what no guard holds.
 */
export async function approvalsOf(
  db: Kysely<Database>,
  run: RunId,
): Promise<(operation: Operation) => Approval | undefined> {
  const row = await db
    .selectFrom('runs')
    .select(['mode', 'approved_by', 'approval_reason'])
    .where('id', '=', run)
    .executeTakeFirstOrThrow();
  const { approved_by: by, approval_reason: reason } = row;
  if (by === null) return () => undefined;
  const approval = { by, reason };
  return (operation) => (row.mode === 'plan' || operation.hold !== null ? approval : undefined);
}
