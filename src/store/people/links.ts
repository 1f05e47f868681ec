/** The links: who is tied to which profile. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileAttributes, ProfileId, UserId } from '../../profile-api/profile.ts';
import { jsonRows } from '../json-rows.ts';
import type { RunId } from '../operations/operation.ts';
import type { Database, LinkTable } from '../schema.ts';
import type { Link } from './link.ts';

/** Every link of one source, or those of some people. */
export async function linksOf(
  db: Kysely<Database>,
  source: SourceId,
  of?: readonly Anchor[],
): Promise<readonly Link[]> {
  if (of?.length === 0) return [];
  let query = db.selectFrom('links').selectAll().where('source_id', '=', source);
  if (of !== undefined) query = query.where(sql<boolean>`anchor = any(${of})`);
  const rows = await query.execute();
  return rows.map(toLink);
}

/** How many profiles a source has that are active as far as the links know. */
export async function countActive(db: Kysely<Database>, source: SourceId): Promise<number> {
  const row = await db
    .selectFrom('links')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('source_id', '=', source)
    .where('profile_id', 'is not', null)
    .where('deactivated_by', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Who ought to be seen in a source: all but those known to be away, or deactivated. */
export async function expectedAnchors(db: Kysely<Database>, source: SourceId): Promise<readonly Anchor[]> {
  const rows = await db
    .selectFrom('links')
    .select('anchor')
    .where('source_id', '=', source)
    .where('deactivated_by', 'is', null)
    .where('absent_since', 'is', null)
    .execute();
  return rows.map(({ anchor }) => anchor);
}

/** Whoever was last given one of those e-mail addresses (in lower case), other than these people. */
export async function othersWithEmail(
  db: Kysely<Database>,
  source: SourceId,
  emails: readonly string[],
  than: readonly Anchor[],
): Promise<readonly Link[]> {
  const rows = await db
    .selectFrom('links')
    .selectAll()
    .where('source_id', '=', source)
    .where(sql<boolean>`lower(trim(applied->>'email')) = any(${emails})`)
    .where(sql<boolean>`anchor <> all(${than})`)
    .execute();
  return rows.map(toLink);
}

/** One person's link; undefined where they have none. */
export async function linkOf(
  db: Kysely<Database>,
  source: SourceId,
  anchor: Anchor,
): Promise<Link | undefined> {
  const row = await db
    .selectFrom('links')
    .selectAll()
    .where('source_id', '=', source)
    .where('anchor', '=', anchor)
    .executeTakeFirst();
  return row === undefined ? undefined : toLink(row);
}

/** Attributes whose value the org did not keep, by how many people of a source they are of. */
export async function unkeptOf(
  db: Kysely<Database>,
  source: SourceId,
): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ readonly name: string; readonly count: string }>`
    SELECT name, count(*) AS count FROM links, jsonb_object_keys(unkept) AS name
    WHERE source_id = ${source} AND unkept <> '{}' GROUP BY name ORDER BY name`.execute(db);
  return Object.fromEntries(rows.map(({ name, count }) => [name, Number(count)]));
}

/** Who holds a profile, and what their source said of them last. */
export interface LinkHolder
  extends Pick<Link, 'source' | 'anchor' | 'label' | 'employeeNumber' | 'deactivatedByUs'> {
  /** Since when their source says that they left or are gone; undefined where it has them. */
  readonly awaySince: Date | undefined;
  /** Whether HR's or an operator's word stands that they have left. */
  readonly hasDeparted: boolean;
}

/** Who holds which profile, over all sources: every profile, or some. */
export async function holders(
  db: Kysely<Database>,
  profiles?: readonly ProfileId[],
): Promise<ReadonlyMap<ProfileId, LinkHolder>> {
  if (profiles?.length === 0) return new Map();
  const query = holderRows(db);
  return holdersIn(profiles === undefined ? query : query.where(sql<boolean>`profile_id = any(${profiles})`));
}

/** Who has one of those employee numbers, and holds which profile, over all sources. */
export async function holdersNumbered(
  db: Kysely<Database>,
  numbers: readonly string[],
): Promise<ReadonlyMap<ProfileId, LinkHolder>> {
  return holdersIn(holderRows(db).where(sql<boolean>`employee_number = any(${numbers})`));
}

const holderRows = (db: Kysely<Database>) =>
  db
    .selectFrom('links')
    .select(['profile_id', 'source_id', 'anchor', 'label', 'employee_number', 'deactivated_by'])
    .select(sql<Date | null>`coalesce(left_since, deleted_since, absent_since)`.as('away_since'))
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('departures')
          .select('departures.id')
          .whereRef('departures.source_id', '=', 'links.source_id')
          .whereRef('departures.anchor', '=', 'links.anchor')
          .where('departures.ended_at', 'is', null)
          .where('departures.cause', '<>', 'leave-date')
          .where('departures.due_at', '<=', sql<Date>`now()`),
      ).as('has_departed'),
    )
    .where('profile_id', 'is not', null);

async function holdersIn(query: ReturnType<typeof holderRows>): Promise<ReadonlyMap<ProfileId, LinkHolder>> {
  const rows = await query.execute();
  return new Map(
    rows.flatMap((row) =>
      row.profile_id === null
        ? []
        : [
            [
              row.profile_id,
              {
                source: row.source_id,
                anchor: row.anchor,
                label: row.label,
                employeeNumber: row.employee_number ?? undefined,
                awaySince: row.away_since ?? undefined,
                deactivatedByUs: row.deactivated_by !== null,
                hasDeparted: Boolean(row.has_departed),
              },
            ] as const,
          ],
    ),
  );
}

/** Whoever else is tied to that profile, in any source. */
export async function otherHolder(
  db: Kysely<Database>,
  profile: ProfileId,
  than: { readonly source: SourceId; readonly anchor: Anchor },
): Promise<{ readonly source: SourceId; readonly anchor: Anchor; readonly label: string } | undefined> {
  return await db
    .selectFrom('links')
    .select(['source_id as source', 'anchor', 'label'])
    .where('profile_id', '=', profile)
    .where(({ not, and, eb }) =>
      not(and([eb('source_id', '=', than.source), eb('anchor', '=', than.anchor)])),
    )
    .executeTakeFirst();
}

/** Who is tied to which of those profiles, in any source. */
export async function holdersOf(
  db: Kysely<Database>,
  profiles: readonly ProfileId[],
): Promise<ReadonlyMap<ProfileId, { readonly source: SourceId; readonly anchor: Anchor }>> {
  const rows = await db
    .selectFrom('links')
    .select(['profile_id', 'source_id as source', 'anchor'])
    .where(sql<boolean>`profile_id = any(${profiles})`)
    .execute();
  return new Map(
    rows.flatMap(({ profile_id, ...who }) => (profile_id === null ? [] : [[profile_id, who] as const])),
  );
}

/** What a new tie consists of; the rest of a link begins at nothing. */
export type LinkToKeep = Omit<
  Link,
  | 'absentSince'
  | 'deletedSince'
  | 'leftSince'
  | 'goneSince'
  | 'deactivatedByUs'
  | 'deactivatedAt'
  | 'invitations'
  | 'invitedAt'
>;

/** Ends somebody's tie to their profile, which is left as it is. */
export async function dropLink(
  db: Kysely<Database>,
  link: { readonly source: SourceId; readonly anchor: Anchor },
): Promise<void> {
  await db
    .deleteFrom('links')
    .where('source_id', '=', link.source)
    .where('anchor', '=', link.anchor)
    .execute();
}

/** Counts an invitation that was sent. */
export async function noteInvited(
  db: Kysely<Database>,
  link: { readonly source: SourceId; readonly anchor: Anchor },
): Promise<void> {
  await db
    .updateTable('links')
    .set({ invitations: sql`invitations + 1`, invited_at: sql`now()`, updated_at: new Date() })
    .where('source_id', '=', link.source)
    .where('anchor', '=', link.anchor)
    .execute();
}

/** Ties an anchor to a profile, in place of what it was tied to before. */
export async function keepLink(db: Kysely<Database>, link: LinkToKeep): Promise<void> {
  await sql`INSERT INTO links ${jsonRows('links', [rowOf(link)])} ${inPlaceOfLink()}`.execute(db);
}

/** What follows the rows of a new link where there is one already. */
export const inPlaceOfLink = () =>
  // A source that tells no number for once makes nobody forget it.
  sql`ON CONFLICT (source_id, anchor) DO UPDATE SET
    profile_id = excluded.profile_id, user_id = excluded.user_id, email = excluded.email, label = excluded.label,
    employee_number = coalesce(excluded.employee_number, links.employee_number),
    exempt = excluded.exempt, origin = excluded.origin, applied = excluded.applied, unkept = excluded.unkept,
    absent_since = NULL, deleted_since = NULL, left_since = NULL, gone_since = NULL,
    deactivated_by = NULL, deactivated_at = NULL, updated_at = ${new Date()}`;

const rowOf = (link: LinkToKeep) => ({
  source_id: link.source,
  anchor: link.anchor,
  profile_id: link.profileId ?? null,
  user_id: link.userId ?? null,
  email: link.email ?? null,
  label: link.label,
  employee_number: link.employeeNumber ?? null,
  exempt: link.exempt,
  origin: link.origin,
  applied: link.applied,
  unkept: link.unkept,
});

/** Notes what was last sent to a linked profile, and what of it the server did not keep. */
export async function noteApplied(
  db: Kysely<Database>,
  link: { readonly source: SourceId; readonly anchor: Anchor },
  values: {
    readonly email: string | undefined;
    readonly applied: ProfileAttributes;
    readonly unkept: ProfileAttributes;
  },
): Promise<void> {
  await db
    .updateTable('links')
    .set({
      ...(values.email === undefined ? {} : { email: values.email }),
      applied: JSON.stringify(values.applied),
      unkept: JSON.stringify(values.unkept),
      updated_at: new Date(),
    })
    .where('source_id', '=', link.source)
    .where('anchor', '=', link.anchor)
    .execute();
}

/** Notes that a profile is inactive by our doing (`run`), or that it is so no more (null). */
export async function noteDeactivatedBy(
  db: Kysely<Database>,
  link: { readonly source: SourceId; readonly anchor: Anchor },
  run: RunId | null,
): Promise<void> {
  await db
    .updateTable('links')
    .set({
      deactivated_by: run,
      // A second run that finds them so doesn't begin the time anew.
      deactivated_at: run === null ? null : sql`coalesce(deactivated_at, now())`,
      updated_at: new Date(),
    })
    .where('source_id', '=', link.source)
    .where('anchor', '=', link.anchor)
    .execute();
}

/** Links of other people of a source that have one of those employee numbers. */
export async function othersWithNumber(
  db: Kysely<Database>,
  source: SourceId,
  numbers: readonly string[],
  than: readonly Anchor[],
): Promise<readonly Link[]> {
  const rows = await db
    .selectFrom('links')
    .selectAll()
    .where('source_id', '=', source)
    .where(sql<boolean>`employee_number = any(${numbers})`)
    .where(sql<boolean>`anchor <> all(${than})`)
    .execute();
  return rows.map(toLink);
}

/** Fills in the profile of a link that lacked it. */
export async function resolveLink(
  db: Kysely<Database>,
  source: SourceId,
  resolved: { readonly anchor: Anchor; readonly profileId: ProfileId; readonly userId: UserId | undefined },
): Promise<void> {
  await db
    .updateTable('links')
    .set({ profile_id: resolved.profileId, user_id: resolved.userId ?? null, updated_at: new Date() })
    .where('source_id', '=', source)
    .where('anchor', '=', resolved.anchor)
    .where('profile_id', 'is', null)
    .execute();
}

function toLink(row: Selectable<LinkTable>): Link {
  return {
    source: row.source_id,
    anchor: row.anchor,
    profileId: row.profile_id ?? undefined,
    userId: row.user_id === null ? undefined : (Number(row.user_id) as UserId),
    email: row.email ?? undefined,
    label: row.label,
    employeeNumber: row.employee_number ?? undefined,
    exempt: row.exempt,
    origin: row.origin,
    applied: row.applied,
    unkept: row.unkept,
    absentSince: row.absent_since ?? undefined,
    deletedSince: row.deleted_since ?? undefined,
    leftSince: row.left_since ?? undefined,
    goneSince: row.gone_since ?? undefined,
    deactivatedByUs: row.deactivated_by !== null,
    deactivatedAt: row.deactivated_at ?? undefined,
    invitations: row.invitations,
    invitedAt: row.invited_at ?? undefined,
  };
}
