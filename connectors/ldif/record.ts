/** What one LDIF record (RFC 2849) says: the lines between two blank lines, unfolded, become an item. */
import { isUtf8 } from 'node:buffer';
import { decodeBase64, isAttributeDescription } from './values.ts';

/** One value of an entry. What stood behind `::` stays bytes: whether it is text depends on the attribute. */
export interface LdifValue {
  /** The attribute as written, with its options: `cn;lang-de`. */
  readonly attribute: string;
  readonly value: string | Buffer;
}

export interface LdifEntry {
  readonly kind: 'entry';
  /** Line of the `dn:`, counted from 1. */
  readonly line: number;
  readonly dn: string;
  readonly values: readonly LdifValue[];
}

export type LdifItem =
  | LdifEntry
  /** A record that can't be read. The next one can. `label` is its DN where that much was readable. */
  | { readonly kind: 'malformed'; readonly line: number; readonly label: string; readonly reason: string }
  /** The file itself tells that it is only a part of what there is. */
  | { readonly kind: 'partial'; readonly line: number; readonly reason: string }
  /** No LDIF, or in a form that can't be read; nothing follows. */
  | { readonly kind: 'refused'; readonly line: number; readonly reason: string };

/** A record's unfolded lines: line `n` reaches from `starts[n]` to `starts[n + 1]`, the last one to `length`. */
export interface RecordLines {
  readonly bytes: Buffer;
  readonly length: number;
  readonly starts: readonly number[];
  /** Where each line begins in the file, counted from 1. */
  readonly lineNumbers: readonly number[];
}

interface Line {
  readonly number: number;
  readonly attribute: string;
  readonly value: string | Buffer;
}

class MalformedLine extends Error {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

const colon = 0x3a;
const space = 0x20;
const hash = 0x23;
const lessThan = 0x3c;

const endOf = (record: RecordLines, index: number): number => record.starts[index + 1] ?? record.length;

function readLine(record: RecordLines, index: number): Line | undefined {
  const { bytes } = record;
  const start = record.starts[index] ?? 0;
  const end = endOf(record, index);
  if (start >= end || bytes[start] === hash) return undefined;
  const number = record.lineNumbers[index] ?? 0;

  let at = start;
  while (at < end && bytes[at] !== colon) at += 1;
  const attribute = bytes.toString('latin1', start, at);
  if (at === end) throw new MalformedLine(number, 'there is no colon after the attribute name');
  if (!isAttributeDescription(attribute))
    throw new MalformedLine(number, 'what stands before the colon is no attribute name');

  const mark = bytes[at + 1];
  if (at + 1 < end && mark === lessThan)
    throw new MalformedLine(
      number,
      `the value of ${attribute} is in another file (\`:<\`), which is never opened; export with the values in place`,
    );
  const isBase64 = at + 1 < end && mark === colon;
  at += isBase64 ? 2 : 1;
  while (at < end && bytes[at] === space) at += 1;

  if (isBase64) {
    const decoded = decodeBase64(bytes.toString('latin1', at, end));
    if (decoded === undefined) throw new MalformedLine(number, `the base64 value of ${attribute} is broken`);
    return { number, attribute, value: decoded };
  }
  return { number, attribute, value: bytes.toString('utf8', at, end) };
}

/** The encoding is checked for the whole record at once, because checking it value by value is slow. */
function checkText(record: RecordLines): void {
  const all = record.bytes.subarray(0, record.length);
  if (isUtf8(all) && !all.includes(0)) return;
  for (const [index, start] of record.starts.entries()) {
    const line = all.subarray(start, endOf(record, index));
    const number = record.lineNumbers[index] ?? 0;
    if (line[0] === hash) continue;
    if (!isUtf8(line))
      throw new MalformedLine(
        number,
        'there are bytes that are no UTF-8; export with base64 values, or convert the file',
      );
    if (line.includes(0)) throw new MalformedLine(number, 'there is a NUL byte in a plain value');
  }
}

/** The text of a DN, or undefined where its bytes are no text. */
const textOf = (value: string | Buffer): string | undefined =>
  typeof value === 'string' ? value : isUtf8(value) ? value.toString('utf8') : undefined;

const searchMarks = new Set(['search', 'result']);

/** The lines with which ldapsearch closes a page or its output, unless called with -L. */
export type SearchOutcome = 'success' | 'more';

function readSearchOutcome(first: Line, lines: readonly Line[]): LdifItem | SearchOutcome | undefined {
  const lineOf = (name: string) => lines.find((line) => line.attribute.toLowerCase() === name);
  const name = first.attribute.toLowerCase();
  if (name === 'ref')
    return {
      kind: 'partial',
      line: first.number,
      reason: `line ${first.number} refers to another server, whose entries are not in the file`,
    };
  const result = lineOf('result');
  if (!searchMarks.has(name) || typeof result?.value !== 'string') return undefined;
  if (/^0(\s|$)/.test(result.value)) {
    // Of a paged search, each page ends like this; only the last one's cookie is empty.
    const cookie = lineOf('pagedresults')?.value ?? '';
    return /cookie=\S/.test(cookie.toString()) ? 'more' : 'success';
  }
  return {
    kind: 'partial',
    line: result.number,
    reason: `line ${result.number} says that the search which wrote the file ended with "${result.value}"`,
  };
}

const changeFile = (what: string): string =>
  `${what}: this is a file of changes, not an export of the directory; export it anew, with ldapsearch for example`;

function readEntry(first: Line, rest: readonly Line[]): LdifEntry {
  const dn = textOf(first.value);
  if (dn === undefined) throw new MalformedLine(first.number, 'the base64 value of dn is no UTF-8');
  const values: LdifValue[] = [];
  for (const { number, attribute, value } of rest) {
    const name = attribute.length < 11 ? attribute.toLowerCase() : '';
    if (name === 'dn')
      throw new MalformedLine(number, 'a second dn: in one record; the blank line before it is missing');
    if (name === 'control') throw new MalformedLine(number, changeFile('control'));
    if (name !== 'changetype') values.push({ attribute, value });
  }
  return { kind: 'entry', line: first.number, dn, values };
}

/** The record's own name for a message, as far as it can be read. */
export function labelOf(record: RecordLines): string {
  for (const index of record.starts.keys()) {
    try {
      const line = readLine(record, index);
      if (line === undefined) continue;
      return line.attribute.toLowerCase() === 'dn' ? (textOf(line.value) ?? '') : '';
    } catch {
      return '';
    }
  }
  return '';
}

function isChangeMark(line: Line): boolean {
  return line.attribute.toLowerCase() === 'changetype' && textOf(line.value)?.trim().toLowerCase() !== 'add';
}

function readLines(record: RecordLines): Line[] {
  const lines: Line[] = [];
  for (const index of record.starts.keys()) {
    const line = readLine(record, index);
    if (line === undefined) continue;
    // The `-` lines of a modification are no attributes; the right sentence is that there is a modification.
    if (isChangeMark(line))
      throw new MalformedLine(line.number, changeFile(`changetype: ${textOf(line.value)}`));
    lines.push(line);
  }
  return lines;
}

/**
 * Reads one record. `success` closes a search that went well, `more` a page that others must follow; undefined is
 * a record of comments or of the version alone.
 */
export function readRecord(record: RecordLines): LdifItem | SearchOutcome | undefined {
  try {
    checkText(record);
    const lines = readLines(record);
    const [version] = lines;
    if (version?.attribute.toLowerCase() === 'version') {
      if (textOf(version.value)?.trim() !== '1')
        throw new MalformedLine(version.number, 'only version 1 of LDIF is known');
      lines.shift();
    }
    const [first, ...rest] = lines;
    if (first === undefined) return undefined;
    if (first.attribute.toLowerCase() === 'dn') return readEntry(first, rest);
    const outcome = readSearchOutcome(first, lines);
    if (outcome !== undefined) return outcome;
    throw new MalformedLine(first.number, 'a record begins with dn:, this one does not');
  } catch (error) {
    if (!(error instanceof MalformedLine)) throw error;
    return {
      kind: 'malformed',
      line: error.line,
      label: labelOf(record),
      reason: `Line ${error.line}: ${error.message}.`,
    };
  }
}
