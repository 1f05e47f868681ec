/** What a reading tells of linked people, noted on their links. */
import { type Kysely, sql } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileId } from '../../profile-api/profile.ts';
import { batches } from '../batches.ts';
import type { Database } from '../schema.ts';

/** Starts (a time) or ends (null) the absence of people; its end is that of a deletion too. */
export async function noteAbsent(
  db: Kysely<Database>,
  source: SourceId,
  anchors: readonly Anchor[],
  since: Date | null,
): Promise<void> {
  if (anchors.length === 0) return;
  await linksOfThese(db, source, anchors)
    .set({ absent_since: since, ...(since === null ? { deleted_since: null } : {}) })
    .execute();
}

/** Notes the source's own word that the entries of people were deleted. */
export async function noteDeleted(
  db: Kysely<Database>,
  source: SourceId,
  anchors: readonly Anchor[],
  since: Date,
): Promise<void> {
  if (anchors.length === 0) return;
  await linksOfThese(db, source, anchors)
    .set({ deleted_since: since })
    .where('deleted_since', 'is', null)
    .execute();
}

/** Notes of whom the source says that they left (a time), or that they are there (null). */
export async function noteLeft(
  db: Kysely<Database>,
  source: SourceId,
  anchors: readonly Anchor[],
  since: Date | null,
): Promise<void> {
  if (anchors.length > 0) await linksOfThese(db, source, anchors).set({ left_since: since }).execute();
}

/** Notes whom no rule deactivates, and of whom that holds no more. */
export async function noteExempt(
  db: Kysely<Database>,
  source: SourceId,
  exemptions: readonly { readonly anchor: Anchor; readonly isExempt: boolean }[],
): Promise<void> {
  for (const exempt of [true, false]) {
    const anchors = exemptions.flatMap(({ anchor, isExempt }) => (isExempt === exempt ? [anchor] : []));
    if (anchors.length > 0) await linksOfThese(db, source, anchors).set({ exempt }).execute();
  }
}

const linksOfThese = (db: Kysely<Database>, source: SourceId, anchors: readonly Anchor[]) =>
  db
    .updateTable('links')
    .set({ updated_at: new Date() })
    .where('source_id', '=', source)
    .where(sql<boolean>`anchor = any(${anchors})`);

/** Notes the numbers that HR knows people by. */
export async function noteEmployeeNumbers(
  db: Kysely<Database>,
  source: SourceId,
  numbered: readonly { readonly anchor: Anchor; readonly employeeNumber: string }[],
): Promise<void> {
  for (const some of batches(numbered, 5_000)) {
    const anchors = some.map(({ anchor }) => anchor);
    const numbers = some.map(({ employeeNumber }) => employeeNumber);
    await sql`
      UPDATE links SET employee_number = told.number, updated_at = now()
      FROM unnest(${anchors}::text[], ${numbers}::text[]) AS told (anchor, number)
      WHERE links.source_id = ${source} AND links.anchor = told.anchor`.execute(db);
  }
}

/** Notes which profiles are known to be gone from the org (a time), or are there after all (null). */
export async function noteGone(
  db: Kysely<Database>,
  source: SourceId,
  profiles: readonly ProfileId[],
  since: Date | null,
): Promise<void> {
  if (profiles.length === 0) return;
  await db
    .updateTable('links')
    .set({ gone_since: since, updated_at: new Date() })
    .where('source_id', '=', source)
    .where(sql<boolean>`profile_id = any(${profiles})`)
    .execute();
}
