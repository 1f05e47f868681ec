/** Finding linked people by the names that others have for them. */
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { Database } from '../schema.ts';
import type { Link } from './link.ts';
import { linksOf } from './links.ts';

/** How somebody is named. Upper and lower case are the same. */
export interface Names {
  readonly email?: string | undefined;
  readonly login?: string | undefined;
  readonly anchor?: string | undefined;
  readonly profileId?: string | undefined;
  readonly employeeNumber?: string | undefined;
}

/** Everybody who has all of these names, in these sources; nobody where there are none. */
export async function linksNamed(
  db: Kysely<Database>,
  sources: readonly SourceId[],
  { email, login, anchor, profileId, employeeNumber }: Names,
): Promise<readonly Link[]> {
  const given = [
    ...asked(email, isEmail),
    ...asked(login, isLogin),
    ...asked(anchor, isAnchor),
    ...asked(profileId, isProfile),
    ...asked(employeeNumber, isNumber),
  ];
  return await matching(db, sources, given.length === 0 ? undefined : sql.join(given, sql` AND `));
}

/**
 * Everybody of whom any name is this one: e-mail, login, anchor, profile id, employee number, or how their source names
 * the record.
 *
 * @param sources - all that there are links of where undefined, those that are not configured any more included
 */
export async function linksCalled(
  db: Kysely<Database>,
  sources: readonly SourceId[] | undefined,
  who: string,
): Promise<readonly Link[]> {
  const any = [isEmail, isLogin, isAnchor, isProfile, isNumber, isLabel].map((is) => is(who.trim()));
  return await matching(db, sources, sql.join(any, sql` OR `));
}

/**
 * Those in whose e-mail, login, name or employee number this text is, or whose anchor or profile id it is; by name. For
 * people who look for somebody: it reads every link.
 */
export async function linksLike(db: Kysely<Database>, text: string, limit: number): Promise<readonly Link[]> {
  const wanted = text.trim();
  const part = `%${wanted.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
  const { rows } = await sql<{ source_id: SourceId; anchor: Link['anchor'] }>`
    SELECT source_id, anchor FROM links
    WHERE concat_ws(' ', label, email, employee_number, applied->>'username', applied->>'email', applied->>'name',
        applied->>'first_name', applied->>'last_name') ILIKE ${part}
      OR ${isAnchor(wanted)} OR ${isProfile(wanted)}
    ORDER BY lower(label), source_id, anchor LIMIT ${limit}`.execute(db);
  return await inThatOrder(db, rows);
}

const asked = (text: string | undefined, is: (text: string) => Condition): readonly Condition[] =>
  text === undefined ? [] : [is(text.trim())];

type Condition = ReturnType<typeof isEmail>;

// Spelled as the indexes of migrations 0016 and 0024 are, or they would not be used.
const isEmail = (text: string) =>
  sql<SqlBool>`(lower(email) = lower(${text}) OR lower(trim(applied->>'email')) = lower(${text}))`;
const isLogin = (text: string) => sql<SqlBool>`lower(applied->>'username') = lower(${text})`;
const isAnchor = (text: string) => sql<SqlBool>`lower(anchor) = lower(${text})`;
const isProfile = (text: string) => sql<SqlBool>`profile_id = ${text}`;
const isNumber = (text: string) => sql<SqlBool>`employee_number = ${text}`;
const isLabel = (text: string) => sql<SqlBool>`lower(label) = lower(${text})`;

async function matching(
  db: Kysely<Database>,
  sources: readonly SourceId[] | undefined,
  condition: ReturnType<typeof sql.join> | undefined,
): Promise<readonly Link[]> {
  if (condition === undefined) return [];
  const { rows } = await sql<{ source_id: SourceId; anchor: Link['anchor'] }>`
    SELECT source_id, anchor FROM links
    WHERE ${sources === undefined ? sql`true` : sql`source_id = any(${sources})`} AND (${condition})
    ORDER BY source_id, anchor LIMIT 20`.execute(db);
  return await inThatOrder(db, rows);
}

async function inThatOrder(
  db: Kysely<Database>,
  rows: readonly { readonly source_id: SourceId; readonly anchor: Link['anchor'] }[],
): Promise<readonly Link[]> {
  const bySource = Map.groupBy(rows, ({ source_id }) => source_id);
  const links = new Map<string, Link>();
  for (const [source, some] of bySource) {
    const anchors = some.map(({ anchor }) => anchor);
    for (const link of await linksOf(db, source, anchors)) links.set(`${source} ${link.anchor}`, link);
  }
  return rows.flatMap(({ source_id, anchor }) => links.get(`${source_id} ${anchor}`) ?? []);
}
