import { type Kysely, sql } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { Database } from '../schema.ts';

/** Another one whenever something has been said, planned or done about somebody since. */
export async function markOfPerson(
  db: Kysely<Database>,
  { source, anchor }: { readonly source: string; readonly anchor: string },
): Promise<string> {
  const { rows } = await sql<{ mark: string }>`SELECT concat_ws(' ',
      (SELECT max(seq) FROM audit WHERE anchor = ${anchor} AND source_id = ${source as SourceId}),
      (SELECT string_agg(id || state, ' ' ORDER BY id) FROM operations
        WHERE anchor = ${anchor} AND source_id = ${source as SourceId}
          AND state IN ('planned', 'held', 'queued', 'running'))
    ) AS mark`.execute(db);
  return rows[0]?.mark ?? '';
}
