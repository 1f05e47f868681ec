/** The audit log as CSV or JSON lines, for other tools. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { StoredEntry } from './entry.ts';
import { type AuditFilter, auditEntries } from './search.ts';

/** The forms in which the log can be exported; `jsonl` is a JSON object a line. */
export type ExportFormat = 'csv' | 'jsonl';

/**
 * Writes every matching entry, in order, without holding more than a batch in memory. Doesn't end `out`.
 *
 * @param onProgress - told of how many were written, once in a while
 */
export async function exportAudit(
  db: Kysely<Database>,
  filter: AuditFilter,
  format: ExportFormat,
  out: Writable,
  onProgress: (written: number) => void = () => undefined,
): Promise<void> {
  const entries = Readable.from(counted(auditEntries(db, filter), onProgress));
  if (format === 'jsonl') {
    await pipeline(entries, jsonLines, out, { end: false });
    return;
  }
  const columns = [
    'seq',
    'at',
    'actor',
    'action',
    'run',
    'operation',
    'source',
    'anchor',
    'profile',
    'email',
    'reason',
    'details',
    'prevHash',
    'hash',
  ];
  // A cell that begins with = + - or @ would be run by a spreadsheet.
  await pipeline(entries, asRows, stringify({ header: true, columns, escape_formulas: true }), out, {
    end: false,
  });
}

const toldEvery = 1_000;

async function* counted(
  entries: AsyncIterable<StoredEntry>,
  onProgress: (written: number) => void,
): AsyncGenerator<StoredEntry> {
  let count = 0;
  for await (const entry of entries) {
    yield entry;
    count += 1;
    if (count % toldEvery === 0) onProgress(count);
  }
}

async function* jsonLines(entries: AsyncIterable<StoredEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(plainEntry(entry))}\n`;
}

async function* asRows(entries: AsyncIterable<StoredEntry>): AsyncGenerator<Record<string, unknown>> {
  for await (const entry of entries) {
    const plain = plainEntry(entry);
    yield { ...plain, details: JSON.stringify(plain.details) };
  }
}

/** An entry in the words of the outside. */
export function plainEntry(entry: StoredEntry) {
  return {
    seq: Number(entry.seq),
    at: entry.at.toISOString(),
    actor: entry.actor,
    action: entry.action,
    run: entry.run_id,
    operation: entry.operation_id,
    source: entry.source_id,
    anchor: entry.anchor,
    profile: entry.profile_id,
    email: entry.email,
    reason: entry.reason,
    details: entry.details,
    prevHash: entry.prev_hash,
    hash: entry.hash,
  };
}
