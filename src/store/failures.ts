/** Failed operations, as far as they are needed to be told apart. */
import { type Kysely, sql } from 'kysely';
import type { OperationId } from './operation.ts';
import type { Operation } from './operations.ts';
import type { Database } from './schema.ts';

export type Failure = Pick<Operation, 'id' | 'kind' | 'source_id' | 'message' | 'ended_at'>;

/** All of them, the latest first. */
export async function failures(db: Kysely<Database>): Promise<readonly Failure[]> {
  return await db
    .selectFrom('operations')
    .select(['id', 'kind', 'source_id', 'message', 'ended_at'])
    .where('state', '=', 'failed')
    .orderBy('ended_at', 'desc')
    .orderBy('id')
    .execute();
}

export async function operationsWithIds(
  db: Kysely<Database>,
  ids: readonly OperationId[],
): Promise<readonly Operation[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('operations').selectAll().where(sql<boolean>`id = any(${ids})`).execute();
  const place = new Map(ids.map((id, index) => [id, index]));
  return rows.toSorted((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0));
}
