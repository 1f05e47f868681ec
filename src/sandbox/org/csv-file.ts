/** The org's users from and to a CSV file: one header line, columns named as the properties of `POST /`. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { type Body, readNewUser } from './create-user.ts';
import type { Author, Journal } from './journal.ts';
import type { Org } from './org.ts';
import { Refusal } from './refusal.ts';
import type { OrgRules } from './rules.ts';
import type { UserRecord } from './user.ts';

export interface RowError {
  /** Number of the data row, from 1; the header is not counted. */
  readonly row: number;
  readonly email: string;
  readonly error: string;
}

export interface CsvOutcome {
  readonly rows: number;
  /** Rows that were created, or that would be. */
  readonly good: number;
  readonly errors: readonly RowError[];
}

/** Checks each row as a create would be checked, and the rows against each other; creates nobody.
 * @throws Refusal 400 where the text is not CSV with a header */
export function validateCsv(org: Org, rules: OrgRules, text: string): CsvOutcome {
  const seen = new Set<string>();
  return eachRow(text, (row) => {
    const { email, actual_username: username } = readNewUser(org, rules, row, 'optional').profile;
    for (const [what, key] of [
      ['email', `email ${email?.toLowerCase()}`],
      ['username', `username ${username.toLowerCase()}`],
    ] as const) {
      if (seen.has(key)) throw new Refusal(400, `This ${what} stands in the file more than once.`);
      seen.add(key);
    }
  });
}

/** Creates the user of every good row. A bad row is named in the answer and stops no other.
 * @param atMost - rows that are looked at; nothing is said of the others
 * @throws Refusal 400 where the text is not CSV with a header */
export function uploadCsv(
  org: Org,
  rules: OrgRules,
  journal: Journal,
  text: string,
  author: Author,
  atMost: number,
): CsvOutcome {
  let taken = 0;
  return eachRow(text, (row) => {
    taken += 1;
    if (taken > atMost) return;
    const { current, id } = org.add(readNewUser(org, rules, row, 'optional'));
    journal.record(author, 'created', { email: current.profile.email, profileId: id });
  });
}

/** The users as a CSV file of the properties that the API returns; lists as JSON. */
export function usersAsCsv(users: Iterable<UserRecord>): string {
  return stringify(
    Array.from(users, (user) => user.current.profile),
    { header: true, columns: csvColumns, cast: { boolean: String } },
  );
}

const csvColumns = [
  'profile_id',
  'user',
  'email',
  'name',
  'actual_username',
  'is_active',
  'creation_time',
  'last_loggged_in',
  'customer_id',
  'customer_entity_id',
  'is_multiple_customer_user',
  'is_profile_image',
];

function eachRow(text: string, take: (row: Body) => void): CsvOutcome {
  const rows = parseRows(text);
  const errors: RowError[] = [];
  for (const [index, row] of rows.entries()) {
    try {
      take(bodyOfRow(row));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push({ row: index + 1, email: row.email ?? '', error: error.message });
    }
  }
  return { rows: rows.length, good: rows.length - errors.length, errors };
}

function parseRows(text: string): readonly Record<string, string>[] {
  try {
    return parse<Record<string, string>>(text, {
      bom: true,
      columns: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(400, `The file is not valid CSV: ${reason}`);
  }
}

/** Empty cells are left out, so that they count as not given; a boolean is text in a CSV file. */
function bodyOfRow(row: Readonly<Record<string, string>>): Body {
  const given: Record<string, unknown> = Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== ''),
  );
  const isActive = row.is_active?.toLowerCase();
  if (isActive === 'true' || isActive === 'false') given.is_active = isActive === 'true';
  return given;
}
