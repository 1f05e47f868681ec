/** Every link of a source, as much of it as tells who is at rest: read fast, and never held as a whole. */
import { type Kysely, sql } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileAttributes, ProfileId } from '../../profile-api/profile.ts';
import type { Database } from '../schema.ts';

/** What a link's content comes to, in 64 bits: see `printOf` of the reconciler. */
export interface KeptPrint {
  readonly low: number;
  readonly high: number;
}

/** A link, as far as it tells whether there is anything to do about somebody who is as they were. */
export interface StoredTie {
  readonly anchor: Anchor;
  readonly profileId: ProfileId | undefined;
  /** Whether there is nothing else to the link: nobody is away, exempt, deactivated, and the org kept every value. */
  readonly isPlain: boolean;
  /** The print as it was kept, or the content that it has to be made of. */
  readonly of: KeptPrint | TieContent;
}

/** What is compared of a link. */
export interface TieContent {
  readonly label: string;
  readonly employeeNumber: string | undefined;
  readonly applied: ProfileAttributes;
  /** The store's own hash of all that, by which it sees later whether a print is still of it. */
  readonly hash: string;
}

type Row = readonly [Anchor, ProfileId | null, isPlain: boolean, of: KeptPrint | StoredContent];

type StoredContent = Omit<TieContent, 'employeeNumber'> & { readonly employeeNumber: string | null };

const atOnce = 5_000;

/** Pages on their way while one is worked on: one would wait for that, since it is sent when the event loop turns. */
const ahead = 2;

/** Another one for links of the same content is one in 2^64. */
const contentHash = (version: number) => sql`
  jsonb_hash_extended(applied, hashtextextended(label || coalesce(E'\n' || employee_number, ''), ${version}::bigint))`;

/**
 * Pages in the order of their anchors; while one is worked on, the store makes the next ones. One text for many rows takes a third
 * of the time of values one by one.
 *
 * @param version - of the way in which prints are made: others are as good as none
 */
export async function* tiesOf(
  db: Kysely<Database>,
  source: SourceId,
  version: number,
): AsyncGenerator<readonly StoredTie[], void> {
  const ends = await pageEnds(db, source);
  const ask = (page: number): Promise<string> => {
    const text = pageOf(db, source, version, page === 0 ? '' : ends[page - 1], ends[page]);
    // That it may fail is seen where it is awaited.
    text.catch(() => undefined);
    return text;
  };
  const pages = ends.length + 1;
  const coming = Array.from({ length: Math.min(ahead, pages) }, (_, page) => ask(page));
  for (let page = 0; page < pages; page += 1) {
    const text = (await coming.shift()) ?? '[]';
    if (page + ahead < pages) coming.push(ask(page + ahead));
    const rows: readonly Row[] = JSON.parse(text);
    yield rows.map(toTie);
  }
}

/** The last anchor of each page but the last. */
async function pageEnds(db: Kysely<Database>, source: SourceId): Promise<readonly Anchor[]> {
  const { rows } = await sql<{ readonly anchor: Anchor }>`
    SELECT anchor FROM (
      SELECT anchor, row_number() OVER (ORDER BY anchor) AS number FROM links WHERE source_id = ${source}
    ) AS numbered WHERE number % ${atOnce} = 0 ORDER BY anchor`.execute(db);
  return rows.map(({ anchor }) => anchor);
}

async function pageOf(
  db: Kysely<Database>,
  source: SourceId,
  version: number,
  after = '',
  last?: string,
): Promise<string> {
  // Both tables by the same stretch of anchors: joined with a limited part of the one, all of the other would be read.
  const stretch = sql`source_id = ${source} AND anchor > ${after} ${last === undefined ? sql`` : sql`AND anchor <= ${last}`}`;
  const { rows } = await sql<{ readonly page: string | null }>`
    SELECT json_agg(json_build_array(anchor, profile_id, is_plain, CASE WHEN of_content = hash
        THEN json_build_object('low', low, 'high', high)
        ELSE json_build_object('label', label, 'employeeNumber', employee_number, 'applied', applied, 'hash', hash::text)
      END) ORDER BY anchor)::text AS page
    FROM (
      SELECT anchor, profile_id, label, employee_number, applied, ${contentHash(version)} AS hash,
        profile_id IS NOT NULL AND absent_since IS NULL AND deleted_since IS NULL AND left_since IS NULL
          AND gone_since IS NULL AND deactivated_by IS NULL AND NOT exempt AND unkept = '{}' AS is_plain
      FROM links WHERE ${stretch}
    ) AS page
    LEFT JOIN (SELECT * FROM link_prints WHERE ${stretch}) AS prints USING (anchor)`.execute(db);
  return rows[0]?.page ?? '[]';
}

/** Keeps the prints of links for the next time. One that was changed meanwhile is known by its hash, and its print not used. */
export async function keepPrints(
  db: Kysely<Database>,
  source: SourceId,
  prints: readonly ({ readonly anchor: Anchor; readonly hash: string } & KeptPrint)[],
): Promise<void> {
  if (prints.length === 0) return;
  await sql`
    INSERT INTO link_prints (source_id, anchor, of_content, low, high)
    SELECT source_id, anchor, hash, low, high
    FROM json_to_recordset(${JSON.stringify(prints)}) AS kept (anchor text, hash bigint, low bigint, high bigint)
    JOIN links USING (anchor) WHERE source_id = ${source} ORDER BY anchor FOR KEY SHARE OF links
    ON CONFLICT (source_id, anchor) DO UPDATE
      SET of_content = excluded.of_content, low = excluded.low, high = excluded.high`.execute(db);
}

function toTie([anchor, profileId, isPlain, of]: Row): StoredTie {
  const tie = { anchor, profileId: profileId ?? undefined, isPlain };
  return 'hash' in of
    ? { ...tie, of: { ...of, employeeNumber: of.employeeNumber ?? undefined } }
    : { ...tie, of };
}
