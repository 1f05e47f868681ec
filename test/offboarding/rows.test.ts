/** CSV files of HR systems, as they really are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRows } from '../../src/offboarding/file/rows.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function words(text: string) {
  const read = readRows(bytes(text), 'hr.csv');
  if (read.kind === 'unreadable') throw new Error(read.sentence);
  return read.rows.map((row) => (row.kind === 'word' ? row.word : row.sentence));
}

const sentence = (content: Uint8Array): string => {
  const read = readRows(content, 'hr.csv');
  return read.kind === 'unreadable' ? read.sentence : 'readable';
};

test('a row is a word, with its place in the file for an event that has no id', () => {
  expect(
    words('email,leave_date,reason,action\nann@example.com,2026-03-31,Moved on,\nbob@example.com,,,returns'),
  ).toEqual([
    {
      kind: 'left',
      who: { kind: 'names', email: 'ann@example.com' },
      when: { kind: 'text', text: '2026-03-31' },
      reason: 'Moved on',
      eventId: 'hr.csv:2',
    },
    {
      kind: 'returns',
      who: { kind: 'names', email: 'bob@example.com' },
      reason: 'They are back.',
      eventId: 'hr.csv:3',
    },
  ]);
});

test.each([
  ['semicolons, as spreadsheets in Europe write them', 'E-Mail;Last day\nann@example.com;2026-03-31'],
  ['tabs', 'EMAIL\tEnd date\nann@example.com\t2026-03-31'],
  ['a byte order mark and CRLF', '\uFEFFemail,leave_date\r\nann@example.com,2026-03-31\r\n'],
  [
    'columns that nobody asked for',
    'Name,Department,email,leave_date\n"Archer, Ann",Sales,ann@example.com,2026-03-31',
  ],
  ['empty lines and rows of commas', 'email,leave_date\n\n,\nann@example.com,2026-03-31\n,,,\n'],
])('%s are read', (_, text) => {
  expect(words(text)).toMatchObject([{ who: { email: 'ann@example.com' }, when: { text: '2026-03-31' } }]);
});

test('a bad row spoils no other', () => {
  expect(words('email,action\n,leaves\nann@example.com,vanishes\nbob@example.com,leaves')).toMatchObject([
    'The row names nobody.',
    'The action is neither `leaves` nor `returns`.',
    { who: { email: 'bob@example.com' } },
  ]);
});

describe('a file that cannot be read is refused as a whole, with why', () => {
  test.each([
    ['no UTF-8', Uint8Array.of(0x65, 0x6d, 0xe9), 'UTF-8'],
    ['no column that names people', bytes('name,leave_date\nAnn,2026-03-31'), 'No column'],
    ['nothing in it', bytes(''), 'No column'],
    ['a quote that never ends', bytes('email\n"ann@example.com'), 'no CSV'],
  ])('%s', (_, content, why) => {
    expect(sentence(content)).toContain(why);
  });
});

test('whatever the bytes are, there is an answer', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 200, size: 'max' }), fc.string({ unit: 'binary' }).map(bytes)),
      (content) => {
        expect(['rows', 'unreadable']).toContain(readRows(content, 'hr.csv').kind);
      },
    ),
  );
});

test('whatever names are in the rows, each row is read once, in order, with its own name', () => {
  const isName = (text: string): boolean => /^[^\s"\uFEFF\0]+$/u.test(text);
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter(isName);
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 20, size: 'max' }), (logins) => {
      const quoted = logins.map((login) => `"${login}",2026-03-31`).join('\n');

      expect(words(`login,leave_date\n${quoted}`)).toMatchObject(logins.map((login) => ({ who: { login } })));
    }),
  );
});
