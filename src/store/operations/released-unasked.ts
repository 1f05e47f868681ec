import { type Kysely, sql } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { Database } from '../schema.ts';
import type { Operation } from './operations.ts';

const kinds = ['deactivate', 'edit', 'adopt', 'reactivate'] as const;

/**
 * What runs have released by nobody's word in the last 24 hours; and what deltas have deactivated since everybody was last
 * seen: as one whole reading, they would have deactivated it together.
 */
export async function releasedUnasked(
  db: Kysely<Database>,
  source: SourceId,
): Promise<readonly Pick<Operation, 'kind' | 'anchor' | 'email' | 'before' | 'after'>[]> {
  return await db
    .selectFrom('operations')
    .innerJoin('runs', 'runs.id', 'operations.run_id')
    .select(['operations.kind', 'operations.anchor', 'operations.email'])
    .select(['operations.before', 'operations.after'])
    .where('operations.source_id', '=', source)
    .where('operations.kind', 'in', kinds)
    .where('operations.state', 'in', ['queued', 'running', 'done'])
    .where('operations.hold', 'is', null)
    .where('runs.mode', '=', 'apply')
    .where('runs.only_who', 'is', null)
    // Whoever raised a guard has given their word on what it would have held.
    .where(
      sql<boolean>`NOT jsonb_exists_any(runs.raised, CASE WHEN operations.kind = 'deactivate' THEN array['maxDeactivations'] ELSE array['maxEdits', 'maxBlanked'] END)`,
    )
    .where(({ or, and, eb, ref, not, exists, selectFrom }) =>
      or([
        eb('operations.created_at', '>', sql<Date>`now() - interval '24 hours'`),
        and([
          eb('operations.kind', '=', 'deactivate'),
          eb(ref('runs.summary', '->>').key('reading'), '=', 'delta'),
          not(
            exists(
              selectFrom('runs as whole')
                .select('whole.id')
                .where('whole.source_id', '=', source)
                .where('whole.mode', '=', 'apply')
                .where('whole.only_who', 'is', null)
                .where(({ eb, ref }) => eb(ref('whole.summary', '->>').key('reading'), '=', 'full'))
                .where(({ eb, ref }) => eb(ref('whole.summary', '->>').key('incomplete'), 'is', null))
                .whereRef('whole.planned_at', '>', 'operations.created_at'),
            ),
          ),
        ]),
      ]),
    )
    .execute();
}
