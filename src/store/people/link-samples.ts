/** A few people of a source, with what they have by it. */
import type { Kysely, Selectable } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { Database, LinkTable } from '../schema.ts';

/** Somebody who may be shown as an example. */
export type LinkSample = Pick<
  Selectable<LinkTable>,
  | 'source_id'
  | 'anchor'
  | 'email'
  | 'label'
  | 'profile_id'
  | 'applied'
  | 'left_since'
  | 'absent_since'
  | 'updated_at'
>;

/** Those of whom there was news last. */
export async function linkSamples(
  db: Kysely<Database>,
  source: SourceId,
  limit: number,
): Promise<readonly LinkSample[]> {
  return await db
    .selectFrom('links')
    .select([
      ...(['source_id', 'anchor', 'email', 'label', 'profile_id', 'applied'] as const),
      ...(['left_since', 'absent_since', 'updated_at'] as const),
    ])
    .where('source_id', '=', source)
    .orderBy('updated_at', 'desc')
    .orderBy('anchor')
    .limit(limit)
    .execute();
}
