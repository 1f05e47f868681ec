/** Creations as the rows of a CSV file. Pure, but for the passwords, which are random. */
import { stringify } from 'csv-stringify/sync';
import { encodePassword, generatePassword } from '../../profile-api/index.ts';
import type { AttributeValue, ProfileAttributes } from '../../profile-api/profile.ts';

export interface FileShape {
  /** Header of an attribute's column, where it is not the attribute's own name. */
  readonly columns: Readonly<Record<string, string>>;
  readonly passwords: boolean;
}

/**
 * Why somebody can be no row of a file; undefined where they can. A file knows text alone, and a value that a spreadsheet takes
 * for a formula must not get into one, nor must it be changed.
 */
export function unfitForFile(attributes: ProfileAttributes): string | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    const why = unfitCell(value);
    if (why !== undefined) return `Their ${name} ${why}, which no cell of a file can hold safely.`;
  }
  return undefined;
}

function unfitCell(value: AttributeValue): string | undefined {
  if (typeof value === 'boolean' || typeof value === 'number') return undefined;
  if (typeof value !== 'string') return 'is no single value';
  if (/\p{Cc}/u.test(value)) return 'has control characters';
  if (value !== value.trim()) return 'begins or ends with a space';
  if (/^[=@]|^[+-](?![\d\s()./-]*$)/.test(value)) return 'begins like a formula';
  return undefined;
}

export interface PeopleFile {
  readonly csv: string;
  /** The encoded passwords in it. */
  readonly secrets: readonly string[];
}

/** A header line, and a line for each of them, in their order. */
export function fileOf(people: readonly ProfileAttributes[], { columns, passwords }: FileShape): PeopleFile {
  const names = [...new Set(['email', 'username', ...people.flatMap((one) => Object.keys(one))])].filter(
    (name) => !ownColumns.has(name),
  );
  const secrets: string[] = [];
  const rows = people.map((one) => {
    const cells = [...names.map((name) => String(one[name] ?? '')), 'true'];
    if (!passwords) return cells;
    const { password, confirm_password: confirmation } = encodePassword(generatePassword());
    secrets.push(password, confirmation);
    return [...cells, password, confirmation];
  });
  const header = [...names, 'is_active', ...(passwords ? ['password', 'confirm_password'] : [])];
  const lines = [header.map((name) => columns[name] ?? name), ...rows];
  return { csv: stringify(lines, { record_delimiter: '\r\n' }), secrets };
}

/** Said of every row by this file itself. */
const ownColumns: ReadonlySet<string> = new Set(['is_active', 'password', 'confirm_password']);
