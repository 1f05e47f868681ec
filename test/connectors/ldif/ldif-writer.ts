/** Writes entries as LDIF in all the ways that RFC 2849 allows, for the parser's generated cases. */
import fc from 'fast-check';

export interface WrittenEntry {
  readonly dn: string;
  readonly values: readonly (readonly [attribute: string, value: string | Buffer])[];
}

export interface WritingStyle {
  readonly lineEnds: readonly string[];
  /** Bytes after which a line is folded, used in turn; 0 leaves the line whole. */
  readonly folds: readonly number[];
  readonly withVersion: boolean;
  readonly withMark: boolean;
  readonly comments: readonly string[];
  readonly alwaysBase64: boolean;
}

const isSafe = (text: string): boolean => !/^[ :<]|[\0\r\n]| $/.test(text) && text.isWellFormed();

/** Folds by bytes, as ldapsearch does: a character of several bytes may fall apart. */
function fold(line: Buffer, width: number, lineEnd: string): Buffer {
  if (width === 0) return line;
  const pieces: Buffer[] = [];
  for (let at = 0; at < line.length; at += width) {
    if (at > 0) pieces.push(Buffer.from(`${lineEnd} `));
    pieces.push(line.subarray(at, at + width));
  }
  return Buffer.concat(pieces);
}

export function writeLdif(entries: readonly WrittenEntry[], style: WritingStyle): Buffer {
  const pieces: Buffer[] = [];
  let turn = 0;
  const lineEnd = () => style.lineEnds[turn % style.lineEnds.length] ?? '\n';
  const writeLine = (line: string) => {
    turn += 1;
    const width = style.folds[turn % style.folds.length] ?? 0;
    pieces.push(fold(Buffer.from(line), width, lineEnd()), Buffer.from(lineEnd()));
  };
  const writeValue = (attribute: string, value: string | Buffer) => {
    if (typeof value === 'string' && !style.alwaysBase64 && isSafe(value))
      writeLine(`${attribute}:${turn % 3 === 0 ? '' : ' '}${value}`);
    else writeLine(`${attribute}:: ${Buffer.from(value).toString('base64')}`);
  };
  if (style.withMark) pieces.push(Buffer.from([0xef, 0xbb, 0xbf]));
  if (style.withVersion) writeLine('version: 1');
  for (const [index, entry] of entries.entries()) {
    const comment = style.comments[index % (style.comments.length || 1)];
    if (comment !== undefined) writeLine(`#${comment}`);
    writeValue('dn', entry.dn);
    for (const [attribute, value] of entry.values) writeValue(attribute, value);
    // Never a CR before a LF of its own, which would be one line end.
    pieces.push(Buffer.from(pieces.at(-1)?.toString() === '\r' ? '\r' : lineEnd()));
  }
  return Buffer.concat(pieces);
}

const attribute = fc.constantFrom(
  'cn',
  'sn;lang-de',
  'objectClass',
  'jpegPhoto',
  '2.5.4.3',
  'x-long-name-of-its-own',
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' leading',
    'trailing ',
    ': colon',
    '< less',
    'two\nlines',
    'Zoë Müller',
    '#no comment',
  ),
);
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));

export const entries: fc.Arbitrary<readonly WrittenEntry[]> = fc.array(
  fc.record({
    dn: text,
    values: fc.array(fc.tuple(attribute, fc.oneof(text, bytes)), { maxLength: 8 }),
  }),
  { minLength: 1, maxLength: 6 },
);

export const styles: fc.Arbitrary<WritingStyle> = fc.record({
  lineEnds: fc.constantFrom(['\n'], ['\r\n'], ['\r'], ['\r\n', '\n']),
  folds: fc.array(fc.constantFrom(0, 1, 2, 7, 76), { minLength: 1, maxLength: 4 }),
  withVersion: fc.boolean(),
  withMark: fc.boolean(),
  comments: fc.array(fc.constantFrom(' a comment', '', ' dn: no entry'), { maxLength: 2 }),
  alwaysBase64: fc.boolean(),
});
