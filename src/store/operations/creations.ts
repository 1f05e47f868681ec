/** Creations that are done, many at a time. */
import { type Kysely, sql } from 'kysely';
import type { ProfileAttributes, ProfileId, UserId } from '../../profile-api/profile.ts';
import { inPlaceOfLink } from '../people/links.ts';
import type { Database } from '../schema.ts';
import { areHeldBy, LeaseLostError } from './leases.ts';
import type { OperationId } from './operation.ts';

/** What a creation came to. */
export interface EndedCreation {
  readonly id: OperationId;
  readonly message: string | undefined;
  readonly profileId: ProfileId | undefined;
  readonly userId: UserId | undefined;
  /** Values that the server did not keep. */
  readonly unkept: ProfileAttributes;
}

/**
 * Ends them, and ties their people to the profiles that they have made. What was applied is what the operation has of it, so
 * that nothing of it goes to the store once more.
 *
 * @throws {LeaseLostError} where one of them is another worker's by now; the transaction is worth nothing then
 */
export async function endCreations(
  db: Kysely<Database>,
  owner: string,
  ends: readonly EndedCreation[],
): Promise<void> {
  const ids = ends.map(({ id }) => id);
  const { rows } = await sql<{ readonly id: OperationId }>`
    WITH ended AS (
      UPDATE operations
      SET state = 'done', message = given.message, cause = NULL, lease_owner = NULL, lease_until = NULL, ended_at = now()
      FROM unnest(
        ${ids}::text[], ${ends.map(({ message }) => message ?? null)}::text[],
        ${ends.map(({ profileId }) => profileId ?? null)}::text[], ${ends.map(({ userId }) => userId ?? null)}::bigint[],
        ${ends.map(({ unkept }) => JSON.stringify(unkept))}::text[]
      ) AS given (id, message, made_profile, made_user, unkept)
      WHERE operations.id = given.id AND ${areHeldBy(owner)}
      RETURNING operations.*, given.made_profile, given.made_user, given.unkept
    ), linked AS (
      INSERT INTO links (
        source_id, anchor, profile_id, user_id, email, label, employee_number, exempt, origin, applied, unkept
      )
      SELECT
        source_id, anchor, made_profile, made_user, email, label, employee_number, exempt, 'created', desired, unkept::jsonb
      FROM ended
      ${inPlaceOfLink()}
    )
    SELECT id FROM ended`.execute(db);
  if (rows.length === ends.length) return;
  const ended = new Set(rows.map(({ id }) => id));
  throw new LeaseLostError(ids.find((id) => !ended.has(id)) ?? ('' as OperationId));
}
