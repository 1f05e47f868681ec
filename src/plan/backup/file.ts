/** The org in a file: the server's own CSV, or the listing as JSON lines; and back again. */
import { parse } from 'csv-parse/sync';
import { type AttributeValue, type Profile, parseProfile } from '../../profile-api/index.ts';
import { PlanError } from '../plan-error.ts';

/** A profile as it stands in a backup. */
export interface SavedProfile {
  readonly profile: Profile;
  /** Whether every value is text, as in a CSV file, whatever it was. */
  readonly isText: boolean;
}

/** The server's own CSV, or a JSON object a line. */
export type BackupForm = 'csv' | 'jsonl';

export const toJsonLines = (profiles: readonly Profile[]): string =>
  profiles.map(({ attributes }) => `${JSON.stringify(attributes)}\n`).join('');

/**
 * Reads a backup.
 *
 * @throws {PlanError} where it is not one, or any line of it can't be read: half a backup restores nobody
 */
export function readBackup(text: string, form: BackupForm): readonly SavedProfile[] {
  const rows = form === 'csv' ? csvRows(text) : jsonRows(text);
  const saved = rows.map((row, index): SavedProfile => {
    const parsed = parseProfile(row);
    if (parsed.ok) return { profile: parsed.profile, isText: form === 'csv' };
    throw new PlanError(`The backup can't be read: in its record ${index + 1}, ${parsed.row.reason}.`);
  });
  if (saved.length === 0)
    throw new PlanError("The backup is empty: an org always has the key's own account.");
  return saved;
}

function csvRows(text: string): readonly AttributeValue[] {
  try {
    return parse<Record<string, string>>(text, { bom: true, columns: true, skip_empty_lines: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlanError(`The backup is no CSV file with a line of column names: ${reason}`, { cause });
  }
}

function jsonRows(text: string): readonly AttributeValue[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as AttributeValue;
    } catch (cause) {
      throw new PlanError(`Line ${index + 1} of the backup is no JSON. It may have been cut off.`, { cause });
    }
  });
}
