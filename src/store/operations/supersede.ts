import type { Kysely } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { Database } from '../schema.ts';
import type { OperationId } from './operation.ts';
import { moveOperations } from './operations.ts';

/** Ends what is planned, held or queued for one person and of which nothing has gone out yet. */
export async function supersedeUnsent(
  db: Kysely<Database>,
  { source, anchor }: { readonly source: SourceId; readonly anchor: Anchor },
  message: string,
): Promise<readonly OperationId[]> {
  const states = ['planned', 'held', 'queued'] as const;
  const rows = await db
    .selectFrom('operations')
    .select('id')
    .where('source_id', '=', source)
    .where('anchor', '=', anchor)
    .where('state', 'in', states)
    .where('intent_at', 'is', null)
    .forUpdate()
    .execute();
  if (rows.length === 0) return [];
  return await moveOperations(db, { ids: rows.map(({ id }) => id), states }, 'superseded', message);
}
