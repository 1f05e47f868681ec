/** Distinguished names (RFC 4514): one normal form for each, so that names are compared by meaning and not by spelling. */

/** One attribute and value of an RDN, in normal form. */
interface Ava {
  readonly type: string;
  /** Unescaped and folded; with a leading `#` where the name has it as hexadecimal BER. */
  readonly value: string;
}

/** Names that need no parsing: plain characters, no escape, no second form for anything in them but by case. */
const plain =
  /^[A-Za-z0-9-]+=[!$-*./0-9:?@A-Z[\]^-~]+(?: [!$-*./0-9:?@A-Z[\]^-~]+)*(?:,[A-Za-z0-9-]+=[!$-*./0-9:?@A-Z[\]^-~]+(?: [!$-*./0-9:?@A-Z[\]^-~]+)*)*$/;

/**
 * The form that is the same for all spellings of a name: case, blanks, escapes, quotes, order within an RDN. What is
 * no name is only put into lower case.
 */
export function normalDn(dn: string): string {
  if (plain.test(dn)) return dn.toLowerCase();
  return rdnsOf(dn)?.join(',') ?? dn.toLowerCase();
}

/** The RDNs of a name in normal form, the entry's own first; undefined for what is no name. */
export function rdnsOf(dn: string): readonly string[] | undefined {
  if (dn.trim() === '') return [];
  const rdns: string[] = [];
  for (const rdn of piecesOf(dn, ',;')) {
    const avas: Ava[] = [];
    for (const piece of piecesOf(rdn, '+')) {
      const ava = avaOf(piece);
      if (ava === undefined) return undefined;
      avas.push(ava);
    }
    rdns.push(avas.map(written).sort().join('+'));
  }
  return rdns;
}

/** The name of what is around an entry, as it is spelled; undefined at the top. */
export function parentDn(dn: string): string | undefined {
  // Nearly every name is one without escapes, quotes and semicolons.
  if (!/[\\";]/.test(dn)) {
    const comma = dn.indexOf(',');
    return comma === -1 ? undefined : dn.slice(comma + 1);
  }
  const [own = ''] = piecesOf(dn, ',;', 1);
  return own.length === dn.length ? undefined : dn.slice(own.length + 1);
}

/** The value of an entry's own RDN, such as `Sales, Vienna` of `cn=Sales\, Vienna,ou=groups`, spelled as it is. */
export function ownName(dn: string): string {
  const [rdn = ''] = piecesOf(dn, ',;', 1);
  const [first = ''] = piecesOf(rdn, '+', 1);
  const value = first.slice(first.indexOf('=') + 1);
  return unescaped(value) ?? value;
}

/** Cuts at separators that are neither escaped nor within quotes. @param most - at most so many pieces, then the rest is left out */
function piecesOf(text: string, separators: string, most = Number.POSITIVE_INFINITY): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '\\') at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && separators.includes(char)) {
      pieces.push(text.slice(from, at));
      if (pieces.length === most) return pieces;
      from = at + 1;
    }
  }
  return [...pieces, text.slice(from)];
}

function avaOf(text: string): Ava | undefined {
  const equals = text.indexOf('=');
  const type = text.slice(0, equals).trim().toLowerCase();
  if (equals < 1 || !/^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)*)$/.test(type)) return undefined;
  const given = text.slice(equals + 1);
  if (/^\s*#(?:[0-9a-f]{2})+\s*$/i.test(given)) return { type, value: given.trim().toLowerCase() };
  const value = unescaped(given);
  return value === undefined ? undefined : { type, value: escapedHash(folded(value)) };
}

const escapedHash = (value: string): string => (value.startsWith('#') ? `\\${value}` : value);

/** As caseIgnoreMatch compares (RFC 4518): without regard to case, width and the number of blanks. */
const folded = (value: string): string => value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');

/** Commas, plus signs and backslashes within values stay recognisable; the rest is as it means. */
const written = ({ type, value }: Ava): string => {
  const [mark, rest] = value.startsWith('\\#') ? ['\\#', value.slice(2)] : ['', value];
  return `${type}=${mark}${rest.replace(/[\\,;+"]/g, '\\$&')}`;
};

/** A value without escapes and quotes; undefined where an escape is broken. Escaped bytes are UTF-8. */
function unescaped(given: string): string | undefined {
  // RFC 4514 section 2.4 knows one blank, the space: any other is part of the value.
  const text = given.replace(/^ +/, '');
  if (!/[\\"]/.test(text)) return text.replace(/ +$/, '');
  const bytes: Buffer[] = [];
  // Blanks at the end don't count, unless they are escaped.
  let keep = 0;
  let isQuoted = false;
  const push = (piece: Buffer, isBlank: boolean): void => {
    bytes.push(piece);
    if (!isBlank) keep = bytes.length;
  };
  for (let at = 0; at < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    at += char.length;
    if (char === '"') {
      isQuoted = !isQuoted;
    } else if (char === '\\') {
      const hex = text.slice(at, at + 2);
      if (/^[0-9a-f]{2}$/i.test(hex)) {
        push(Buffer.from(hex, 'hex'), false);
        at += 2;
      } else {
        if (at >= text.length) return undefined;
        const escaped = String.fromCodePoint(text.codePointAt(at) ?? 0);
        push(Buffer.from(escaped), false);
        at += escaped.length;
      }
    } else {
      push(Buffer.from(char), char === ' ' && !isQuoted);
    }
  }
  return isQuoted ? undefined : Buffer.concat(bytes.slice(0, keep)).toString('utf8');
}
