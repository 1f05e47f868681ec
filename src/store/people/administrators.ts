/** Administrators among the linked people, and which of them are on their way out. */
import { type Kysely, sql } from 'kysely';
import type { ProfileId } from '../../profile-api/profile.ts';
import { noteIntent } from '../operations/leases.ts';
import type { OperationId } from '../operations/operation.ts';
import type { Database } from '../schema.ts';

/** Linked profiles, in any source, that the configuration names or that were last given one of those roles. */
export async function linkedAdministrators(
  db: Kysely<Database>,
  { names, roles }: { readonly names: ReadonlySet<string>; readonly roles: ReadonlySet<string> },
): Promise<readonly ProfileId[]> {
  const rows = await db
    .selectFrom('links')
    .select('profile_id')
    .where('profile_id', 'is not', null)
    .where(
      sql<boolean>`(profile_id = any(${[...names]}) OR lower(trim(email)) = any(${[...names]})
        OR lower(trim(applied->>'role')) = any(${[...roles]}) OR lower(trim(applied->>'organization_role')) = any(${[...roles]}))`,
    )
    .execute();
  return rows.flatMap(({ profile_id }) => profile_id ?? []);
}

/** Profiles whose deactivation is released and not ended. */
export async function profilesOnTheirWayOut(db: Kysely<Database>): Promise<ReadonlySet<ProfileId>> {
  const rows = await db
    .selectFrom('operations')
    .select('profile_id')
    .where('kind', '=', 'deactivate')
    .where('state', 'in', ['queued', 'running'])
    .execute();
  return new Set(rows.flatMap(({ profile_id }) => profile_id ?? []));
}

/** The store's own time. */
export async function storeTime(db: Kysely<Database>): Promise<Date> {
  const { rows } = await sql<{ readonly now: Date }>`SELECT clock_timestamp() AS now`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('The store gave no time.');
  return row.now;
}

/**
 * Notes the intent to deactivate an administrator, if one of the others stays. Of two who would each leave the other one,
 * the second sees the intent of the first.
 *
 * @param others - administrators who were seen active after `seenSince`, by the store's time
 * @returns false where none of them is certain to stay; then no intent is noted
 * @throws {LeaseLostError} where another worker has the operation now
 */
export async function intendIfAnotherStays(
  db: Kysely<Database>,
  operation: { readonly id: OperationId; readonly owner: string },
  others: readonly ProfileId[],
  seenSince: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('rollcall_administrators'))`.execute(tx);
    const rows = await tx
      .selectFrom('operations')
      .select('profile_id')
      .where('kind', '=', 'deactivate')
      .where('id', '<>', operation.id)
      .where(sql<boolean>`profile_id = any(${others})`)
      .where('intent_at', 'is not', null)
      .where(({ or, eb }) => or([eb('state', 'in', ['queued', 'running']), eb('ended_at', '>=', seenSince)]))
      .execute();
    const going = new Set(rows.map(({ profile_id }) => profile_id));
    if (others.every((id) => going.has(id))) return false;
    await noteIntent(tx, operation.id, operation.owner);
    return true;
  });
}
