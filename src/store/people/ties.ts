/** Every link of a source, as much of it as tells who is at rest: read fast, and never held as a whole. */
import { type Kysely, sql } from 'kysely';
import type { Anchor, RecordPrint, SourceId } from '../../identity/identity.ts';
import type { ProfileAttributes, ProfileId } from '../../profile-api/profile.ts';
import type { Database } from '../schema.ts';

/** What a link's content comes to, in 64 bits: see `printOf` of the reconciler. The halves are signed. */
export interface KeptPrint {
  readonly low: number;
  readonly high: number;
}

/** A print with the source's record that was seen to say the same. */
export interface KnownPrint extends KeptPrint {
  readonly record: KeptRecord | undefined;
}

/** A record of the source, and what the org ought to show of whoever has it. */
export interface KeptRecord {
  readonly of: RecordPrint;
  readonly shown: KeptPrint;
}

/** A link, as far as it tells whether there is anything to do about somebody who is as they were. */
export interface StoredTie {
  readonly anchor: Anchor;
  readonly profileId: ProfileId | undefined;
  /** Whether there is nothing else to the link: nobody is away, exempt, deactivated, and the org kept every value. */
  readonly isPlain: boolean;
  /** The print as it was kept, or the content that it has to be made of. */
  readonly of: KnownPrint | TieContent;
}

/** What is compared of a link. */
export interface TieContent {
  readonly label: string;
  readonly employeeNumber: string | undefined;
  readonly applied: ProfileAttributes;
  /** The store's own hash of all that, by which it sees later whether a print is still of it. */
  readonly hash: string;
}

/** Links in columns, which takes the store a third of the time of rows. */
interface Columns {
  readonly anchors: readonly Anchor[];
  readonly profile_ids: readonly (ProfileId | null)[];
  /** A digit for each: see {@link bit}. */
  readonly states: string;
  /** Six integers for each: print, record and what it ought to show; zeros where there are none. */
  readonly prints: Buffer;
  /** Of those whose print is not kept, each a line of JSON: parsed when its turn comes, it is garbage before V8 has to move it. */
  readonly contents: string;
}

type StoredContent = Omit<TieContent, 'employeeNumber'> & { readonly employeeNumber: string | null };

const bit = { plain: 1, printed: 2, recorded: 4 } as const;
const printBytes = 24;

const atOnce = 5_000;

/** Pages on their way while one is worked on: one would wait for that, since it is sent when the event loop turns. */
const ahead = 2;

/** The store's hash of a link's content, with the version in it. Another one for links of the same content is one in 2^64. */
const hashIn = (version: number) => sql`(content_hash # ${version}::bigint)`;

/**
 * Pages in the order of their anchors, each to be gone over once; while one is worked on, the store makes the next ones.
 *
 * @param version - of the way in which prints are made: others are as good as none
 */
export async function* tiesOf(
  db: Kysely<Database>,
  source: SourceId,
  version: number,
): AsyncGenerator<Iterable<StoredTie>, void> {
  const ends = await pageEnds(db, source);
  const ask = (page: number): Promise<Columns | undefined> => {
    const columns = pageOf(db, source, version, page === 0 ? '' : ends[page - 1], ends[page]);
    // That it may fail is seen where it is awaited.
    columns.catch(() => undefined);
    return columns;
  };
  const pages = ends.length + 1;
  const coming = Array.from({ length: Math.min(ahead, pages) }, (_, page) => ask(page));
  for (let page = 0; page < pages; page += 1) {
    const columns = await coming.shift();
    if (page + ahead < pages) coming.push(ask(page + ahead));
    if (columns !== undefined) yield toTies(columns);
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
): Promise<Columns | undefined> {
  // Both tables by the same stretch of anchors: joined with a limited part of the one, all of the other would be read.
  const stretch = sql`source_id = ${source} AND anchor > ${after} ${last === undefined ? sql`` : sql`AND anchor <= ${last}`}`;
  // In the order of bytes, which is found several times as fast as that of letters.
  const { rows } = await sql<{ [Name in keyof Columns]: Columns[Name] | null }>`
    SELECT json_agg(anchor) AS anchors, json_agg(profile_id) AS profile_ids,
      string_agg((plain + printed + recorded)::text, '') AS states,
      string_agg(CASE WHEN printed = 0 THEN decode(repeat('00', ${printBytes}), 'hex')
        ELSE int4send(low::integer) || int4send(high::integer) || int4send(coalesce(record_low, 0)) || int4send(coalesce(record_high, 0))
          || int4send(coalesce(shown_low, 0)) || int4send(coalesce(shown_high, 0)) END, '') AS prints,
      coalesce(string_agg(json_build_object('label', label, 'employeeNumber', employee_number, 'applied', applied,
        'hash', hash::text)::text, E'\\n') FILTER (WHERE printed = 0), '') AS contents
    FROM (
      SELECT *,
        CASE WHEN is_plain THEN ${bit.plain} ELSE 0 END AS plain,
        CASE WHEN of_content = hash THEN ${bit.printed} ELSE 0 END AS printed,
        CASE WHEN of_content = hash AND record_low IS NOT NULL THEN ${bit.recorded} ELSE 0 END AS recorded
      FROM (
        SELECT anchor, profile_id, label, employee_number, applied, ${hashIn(version)} AS hash,
          profile_id IS NOT NULL AND absent_since IS NULL AND deleted_since IS NULL AND left_since IS NULL
            AND gone_since IS NULL AND deactivated_by IS NULL AND NOT exempt AND unkept = '{}' AS is_plain
        FROM links WHERE ${stretch}
      ) AS page
      LEFT JOIN (SELECT * FROM link_prints WHERE ${stretch}) AS prints USING (anchor)
      ORDER BY anchor COLLATE "C"
    ) AS ordered`.execute(db);
  const [columns] = rows;
  return columns !== undefined && hasLinks(columns) ? columns : undefined;
}

/** Where no link is, each column is null. */
const hasLinks = (columns: { [Name in keyof Columns]: Columns[Name] | null }): columns is Columns =>
  columns.anchors !== null;

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
    FROM json_to_recordset(${JSON.stringify(prints)}) AS kept (anchor text, hash bigint, low integer, high integer)
    JOIN links USING (anchor) WHERE source_id = ${source} ORDER BY anchor FOR KEY SHARE OF links
    ON CONFLICT (source_id, anchor) DO UPDATE
      SET of_content = excluded.of_content, low = excluded.low, high = excluded.high, record_low = NULL`.execute(
    db,
  );
}

/** Keeps which record says the same as a link, for the next time: for prints that are kept, and still are the same. */
export async function keepRecords(
  db: Kysely<Database>,
  source: SourceId,
  learnt: readonly {
    readonly anchor: Anchor;
    readonly print: KeptPrint;
    readonly record: KeptRecord;
  }[],
): Promise<void> {
  if (learnt.length === 0) return;
  const rows = learnt.map(({ anchor, print, record: { of, shown } }) => ({
    ...{ anchor, low: print.low, high: print.high },
    ...{ record_low: of.low, record_high: of.high, shown_low: shown.low, shown_high: shown.high },
  }));
  await sql`
    UPDATE link_prints AS kept
    SET record_low = learnt.record_low, record_high = learnt.record_high,
      shown_low = learnt.shown_low, shown_high = learnt.shown_high
    FROM json_to_recordset(${JSON.stringify(rows)}) AS learnt (anchor text, low integer, high integer,
      record_low integer, record_high integer, shown_low integer, shown_high integer)
    WHERE source_id = ${source} AND kept.anchor = learnt.anchor AND kept.low = learnt.low AND kept.high = learnt.high`.execute(
    db,
  );
}

function* toTies({ anchors, profile_ids, states, prints, contents }: Columns): Generator<StoredTie, void> {
  const unprinted = linesOf(contents);
  for (const [row, anchor] of anchors.entries()) {
    const state = Number(states[row]);
    const tie = { anchor, profileId: profile_ids[row] ?? undefined, isPlain: (state & bit.plain) !== 0 };
    const of =
      (state & bit.printed) === 0
        ? contentIn(unprinted.next().value, anchor)
        : printIn(prints, row * printBytes, (state & bit.recorded) !== 0);
    yield { ...tie, of };
  }
}

function* linesOf(text: string): Generator<string, undefined> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    yield text.slice(from, to);
    from = to + 1;
  }
}

function contentIn(line: string | undefined, anchor: Anchor): TieContent {
  if (line === undefined) throw new Error(`The link of ${anchor} has neither a print nor content.`);
  const content: StoredContent = JSON.parse(line);
  return { ...content, employeeNumber: content.employeeNumber ?? undefined };
}

function printIn(bytes: Buffer, at: number, isRecorded: boolean): KnownPrint {
  const pair = (place: number): KeptPrint => ({
    low: bytes.readInt32BE(at + place),
    high: bytes.readInt32BE(at + place + 4),
  });
  const { low, high } = pair(0);
  return { low, high, record: isRecorded ? { of: pair(8), shown: pair(16) } : undefined };
}
