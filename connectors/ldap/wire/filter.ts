/**
 * LDAP filters as values, and their text form (RFC 4515). Parsed here and not by ldapts, whose parser takes each
 * escaped byte for a character: `\c3\bc` (ü) would go out as four bytes and quietly find nobody.
 */

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'equal' | 'greaterOrEqual' | 'lessOrEqual' | 'approximate';
      readonly attribute: string;
      readonly value: Buffer;
    }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      readonly initial: Buffer | undefined;
      readonly any: readonly Buffer[];
      readonly final: Buffer | undefined;
    }
  | {
      readonly kind: 'extensible';
      readonly attribute: string | undefined;
      readonly rule: string | undefined;
      readonly dnAttributes: boolean;
      readonly value: Buffer;
    };

/** A filter's text is wrong, at this character (counted from 1). */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
  readonly position: number;

  constructor(problem: string, position: number) {
    super(`${problem}, at character ${position}`);
    this.position = position;
  }
}

const maxDepth = 100;
const comparisons: Readonly<Record<string, 'equal' | 'greaterOrEqual' | 'lessOrEqual' | 'approximate'>> = {
  '=': 'equal',
  '>=': 'greaterOrEqual',
  '<=': 'lessOrEqual',
  '~=': 'approximate',
};
const description = String.raw`(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*`;
const simple = new RegExp(`^(${description})(>=|<=|~=|=)`);
const extensible = new RegExp(
  String.raw`^(${description})?(:dn)?(?::([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+))?:=`,
  'i',
);

/**
 * Parses a filter; the outermost brackets may be missing.
 *
 * @throws {FilterSyntaxError} saying what is wrong and where.
 */
export function parseFilter(text: string): Filter {
  const bare = text.trim();
  const shift = bare.startsWith('(') ? text.indexOf('(') : text.length - text.trimStart().length - 1;
  const source = bare.startsWith('(') ? bare : `(${bare})`;
  const fail = (problem: string, index: number): never => {
    throw new FilterSyntaxError(problem, Math.max(1, index + shift + 1));
  };

  let at = 0;
  const skipBlanks = () => {
    while (source[at] === ' ' || source[at] === '\n' || source[at] === '\t' || source[at] === '\r') at += 1;
  };
  const close = () => {
    if (source[at] !== ')')
      fail(at >= source.length ? 'a closing bracket is missing' : 'a closing bracket was expected', at);
    at += 1;
  };

  const parseOne = (depth: number): Filter => {
    if (depth > maxDepth) fail(`the filter is nested deeper than ${maxDepth} levels`, at);
    if (source[at] !== '(') fail('an opening bracket was expected', at);
    at += 1;
    const operator = source[at];
    if (operator === '&' || operator === '|') {
      at += 1;
      const parts: Filter[] = [];
      skipBlanks();
      while (source[at] === '(') {
        parts.push(parseOne(depth + 1));
        skipBlanks();
      }
      close();
      return { kind: operator === '&' ? 'and' : 'or', parts };
    }
    if (operator === '!') {
      at += 1;
      skipBlanks();
      const part = parseOne(depth + 1);
      skipBlanks();
      close();
      return { kind: 'not', part };
    }
    const end = source.indexOf(')', at);
    const item = parseItem(source.slice(at, end === -1 ? source.length : end), at, fail);
    at = end === -1 ? source.length : end;
    close();
    return item;
  };

  const filter = parseOne(0);
  if (at < source.length) fail('something follows after the end of the filter', at);
  return filter;
}

type Fail = (problem: string, index: number) => never;

function parseItem(text: string, at: number, fail: Fail): Filter {
  const [head = '', attribute = '', operator] = simple.exec(text) ?? [];
  if (operator !== undefined) {
    const valueAt = at + head.length;
    const value = text.slice(head.length);
    if (operator === '=' && value === '*') return { kind: 'present', attribute };
    if (operator === '=' && value.includes('*')) return parseSubstrings(attribute, value, valueAt, fail);
    const kind = comparisons[operator];
    if (kind !== undefined) return { kind, attribute, value: unescapeValue(value, valueAt, fail) };
  }
  const match = extensible.exec(text);
  if (match === null || (match[1] === undefined && match[3] === undefined)) {
    return fail(`"${text}" is not of the form attribute=value`, at);
  }
  return {
    kind: 'extensible',
    attribute: match[1],
    rule: match[3],
    dnAttributes: match[2] !== undefined,
    value: unescapeValue(text.slice(match[0].length), at + match[0].length, fail),
  };
}

function parseSubstrings(attribute: string, text: string, at: number, fail: Fail): Filter {
  let offset = at;
  const pieces = text.split('*').map((piece) => {
    const value = unescapeValue(piece, offset, fail);
    offset += piece.length + 1;
    return value;
  });
  const filled = (piece: Buffer | undefined) =>
    piece === undefined || piece.length === 0 ? undefined : piece;
  const initial = filled(pieces[0]);
  const final = filled(pieces.at(-1));
  const any = pieces.slice(1, -1).filter((piece) => piece.length > 0);
  if (initial === undefined && final === undefined && any.length === 0) return { kind: 'present', attribute };
  return { kind: 'substrings', attribute, initial, any, final };
}

/** The octets of an assertion value: `\` and two hex digits are one octet (RFC 4515 section 3). */
function unescapeValue(text: string, at: number, fail: Fail): Buffer {
  const pieces: Buffer[] = [];
  let plainFrom = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '(' || char === '\0')
      fail(`"${char}" in a value must be written as \\${char === '(' ? '28' : '00'}`, at + index);
    if (char !== '\\') continue;
    const hex = text.slice(index + 1, index + 3);
    if (!/^[0-9A-Fa-f]{2}$/.test(hex))
      fail('after a backslash two hexadecimal digits are needed', at + index);
    pieces.push(Buffer.from(text.slice(plainFrom, index)), Buffer.from(hex, 'hex'));
    index += 2;
    plainFrom = index + 1;
  }
  pieces.push(Buffer.from(text.slice(plainFrom)));
  return Buffer.concat(pieces);
}
