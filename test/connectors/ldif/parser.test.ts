import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLdifParser } from '../../../connectors/ldif/parser.ts';
import type { LdifItem } from '../../../connectors/ldif/record.ts';
import { entries, styles, writeLdif } from './ldif-writer.ts';

function parse(
  input: string | Uint8Array,
  cuts: readonly number[] = [],
  maxEntrySize = 1_000_000,
): LdifItem[] {
  const bytes = Buffer.from(input);
  const parser = createLdifParser({ maxEntrySize });
  const items: LdifItem[] = [];
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const end = Math.min(cut, bytes.length);
    // A copy that is wiped afterwards: nothing may point into the caller's buffer.
    const chunk = Buffer.from(bytes.subarray(at, end));
    items.push(...parser.push(chunk));
    chunk.fill(0x7a);
    at = end;
  }
  return [...items, ...parser.push(bytes.subarray(at)), ...parser.end()];
}

const entriesOf = (input: string | Uint8Array) =>
  parse(input).flatMap((item) =>
    item.kind === 'entry'
      ? [{ dn: item.dn, values: item.values.map((one) => [one.attribute, String(one.value)]) }]
      : [],
  );

const reasonsOf = (input: string | Uint8Array) =>
  parse(input).flatMap((item) =>
    item.kind === 'entry' ? [] : [`${item.kind} ${item.line}: ${item.reason}`],
  );

describe('what is read', () => {
  it('reads entries with text, base64 and options', () => {
    const items = entriesOf(
      'version: 1\n\ndn: uid=a\ncn: Anna\ncn;lang-de:: QcOkbm5h\nempty:\n\ndn: uid=b\ncn:Bo\n',
    );

    expect(items).toEqual([
      {
        dn: 'uid=a',
        values: [
          ['cn', 'Anna'],
          ['cn;lang-de', 'Aänna'],
          ['empty', ''],
        ],
      },
      { dn: 'uid=b', values: [['cn', 'Bo']] },
    ]);
  });

  it('unfolds lines, comments and base64, even inside a character', () => {
    const before = Buffer.from('# a comment\n  that goes on\ndn: uid=\n a\ncn: Mü');
    const after = Buffer.from('ller\nsn:: TcO8b\n GxlcgA\n =\n');
    const input = Buffer.concat([before.subarray(0, -1), Buffer.from('\n '), before.subarray(-1), after]);

    expect(entriesOf(input)).toEqual([
      {
        dn: 'uid=a',
        values: [
          ['cn', 'Müller'],
          ['sn', 'Müller\0'],
        ],
      },
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('reads line ends %j', (end) => {
    expect(entriesOf(['dn: a', 'cn: A', '', '', 'dn: b', 'cn: B', ''].join(end))).toHaveLength(2);
  });

  it('reads a DN in base64, a byte order mark, and changetype: add', () => {
    expect(entriesOf('\ufeffdn:: Y249w6Q=\nchangetype: add\ncn: x\n')).toEqual([
      { dn: 'cn=ä', values: [['cn', 'x']] },
    ]);
  });

  it('takes the closing lines of ldapsearch for what they are', () => {
    const output =
      '# extended LDIF\n#\n# LDAPv3\n\n# a, example.org\ndn: uid=a\ncn: A\n\n# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: 2\n# numEntries: 1\n';

    expect(parse(output).map((item) => item.kind)).toEqual(['entry']);
  });
});

describe('what shows that the file is not the whole', () => {
  it.each([
    [
      'a search that hit its limit',
      'dn: a\ncn: A\n\nsearch: 2\nresult: 4 Size limit exceeded\n',
      /4 Size limit exceeded/,
    ],
    [
      'a reference to another server',
      'dn: a\ncn: A\n\n# search reference\nref: ldap://other/dc=x\n',
      /another server/,
    ],
    ['no line end at the end', 'dn: a\ncn: A', /cut off/],
    [
      'a page of a search without the next one',
      'dn: a\ncn: A\n\n# search result\nsearch: 2\nresult: 0 Success\npagedresults: cookie=/AEAAA=\n# extended LDIF\n',
      /"result:" line/,
    ],
    ["ldapsearch's header without its closing lines", '# extended LDIF\n\ndn: a\ncn: A\n', /"result:" line/],
  ])('%s', (_, input, reason) => {
    expect(entriesOf(input)).toHaveLength(1);
    expect(reasonsOf(input)).toEqual([expect.stringMatching(reason)]);
    expect(reasonsOf(input)[0]).toMatch(/^partial/);
  });
});

describe('what is malformed', () => {
  it.each([
    ['a file reference', 'cn:< file:///etc/passwd', /never opened/, 2],
    ['broken base64', 'cn:: QQ', /base64 value of cn/, 2],
    ['a line without a colon', 'cn: A\nsn', /no colon/, 3],
    ['no attribute name', 'c n: A', /no attribute name/, 2],
    ['a modification', 'changetype: modify\nreplace: cn\ncn: A\n-', /file of changes/, 2],
    ['a deletion', 'changetype: delete', /file of changes/, 2],
    ['a move', 'changetype: modrdn\nnewrdn: cn=b', /file of changes/, 2],
    ['a control', 'control: 1.2.3 true\nchangetype: add', /file of changes/, 2],
    ['a missing blank line', 'cn: A\ndn: uid=b\ncn: B', /second dn/, 3],
    ['a NUL byte', 'cn: a\0b', /NUL/, 2],
  ])('%s, and only that record', (_, lines, reason, line) => {
    const items = parse(`dn: uid=a\n${lines}\n\ndn: uid=next\ncn: N\n`);

    expect(items).toEqual([
      { kind: 'malformed', line, label: 'uid=a', reason: expect.stringMatching(reason) },
      expect.objectContaining({ kind: 'entry', dn: 'uid=next' }),
    ]);
  });

  it('bytes that are no UTF-8', () => {
    const latin1 = Buffer.from('dn: a\ncn: M\xfcller\n\ndn: b\ncn: B\n', 'latin1');

    expect(parse(latin1)).toEqual([
      { kind: 'malformed', line: 2, label: 'a', reason: expect.stringContaining('no UTF-8') },
      expect.objectContaining({ kind: 'entry', dn: 'b' }),
    ]);
  });

  it('a record without a DN, and one that begins with a continuation', () => {
    expect(reasonsOf('cn: A\nsn: B\n\n x\ndn: a\n\ndn: b\n')).toEqual([
      expect.stringMatching(/^malformed 1: .*begins with dn:/),
      expect.stringMatching(/^malformed 4: .*continues a line/),
    ]);
  });

  it('a record over the limit, whose rest is not kept', () => {
    const items = parse(`dn: a\ncn: ${'x'.repeat(300_000)}\n\ndn: b\ncn: B\n`, [10, 9_000], 2_000);

    expect(items).toEqual([
      {
        kind: 'malformed',
        line: 1,
        label: 'a',
        reason: expect.stringContaining('maxEntrySize (2000 bytes)'),
      },
      expect.objectContaining({ kind: 'entry', line: 4, dn: 'b' }),
    ]);
  });

  it('another version than 1', () => {
    expect(reasonsOf('version: 2\ndn: a\ncn: A\n')).toEqual([expect.stringContaining('version 1')]);
  });
});

describe('what is refused as a whole', () => {
  it.each([
    ['UTF-16 with a mark', Buffer.from('\ufeffdn: a\n', 'utf16le'), /UTF-16/],
    ['UTF-16 without one', Buffer.from('dn: a\n', 'utf16le'), /UTF-16/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0]), /gzip/],
  ])('%s', (_, input, reason) => {
    expect(parse(input, [1, 2, 3])).toEqual([
      { kind: 'refused', line: 1, reason: expect.stringMatching(reason) },
    ]);
  });
});

describe('laws', () => {
  it('reads back what was written, in every style and cut anywhere', () => {
    fc.assert(
      fc.property(
        entries,
        styles,
        fc.array(fc.nat(2_000), { maxLength: 20, size: 'max' }),
        (written, style, cuts) => {
          const read = parse(writeLdif(written, style), cuts);

          const expected = written.map(({ dn, values }) => ({
            dn,
            values: values.map(([attribute, value]) => ({
              attribute,
              value: Buffer.from(value).toString('hex'),
            })),
          }));
          const found = read.map((item) =>
            item.kind === 'entry'
              ? {
                  dn: item.dn,
                  values: item.values.map(({ attribute, value }) => ({
                    attribute,
                    value: Buffer.from(value).toString('hex'),
                  })),
                }
              : item,
          );
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  const soup = fc
    .array(
      fc.oneof(
        fc
          .constantFrom(
            'dn: a',
            '\n',
            '\n\n',
            '\r',
            '\r\n',
            ' ',
            ':',
            '::',
            ':<',
            '#',
            'result: 4 x',
            'cn: A',
            '-',
          )
          .map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 6, size: 'max' }).map((array) => Buffer.from(array)),
      ),
      { maxLength: 40, size: 'max' },
    )
    .map((pieces) => Buffer.concat(pieces));

  // A record was read of the first three bytes before the fourth showed what kind of file it is.
  it('is refused by its first bytes before anything else is said of it, however they come', () => {
    const utf16 = Buffer.from('\0\n\ndn: a');
    const refused = [expect.objectContaining({ kind: 'refused', line: 1 })];

    for (const cuts of [[], [1], [2], [3], [1, 2, 3]]) expect(parse(utf16, cuts)).toEqual(refused);
    for (let length = 2; length < 4; length += 1) expect(parse(utf16.subarray(0, length))).toEqual(refused);
  });

  it('throws at nothing, and finds the same however it is cut', () => {
    fc.assert(
      fc.property(
        soup,
        fc.array(fc.nat(120), { maxLength: 12, size: 'max' }),
        fc.integer({ min: 1, max: 60 }),
        (bytes, cuts, max) => {
          expect(parse(bytes, cuts)).toEqual(parse(bytes));
          expect(parse(bytes, cuts, max)).toEqual(parse(bytes, [], max));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
