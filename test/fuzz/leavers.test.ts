/** What HR sends, by file and by webhook, after something has happened to it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPayload } from '../../src/offboarding/event/payload.ts';
import { readRows } from '../../src/offboarding/file/rows.ts';
import type { Word } from '../../src/offboarding/index.ts';
import { asLongAs, damaged, jsonMarks } from './damaged.ts';

const csv = damaged(
  [
    'email,leave_date,reason,action\nann@example.com,2026-03-31,"Moved, on",\nbob@example.com,,,returns\n',
    '\uFEFFE-Mail;Last day;Event ID\r\nann@example.com;2026-03-31;4711\r\n',
    'employee_number\tsource\n7\tcorp\n',
  ],
  [',', ';', '\t', '"', '""', '\r\n', '=cmd()', 'email', '__proto__', '2026-02-30', 'returns', 'leaves'],
);
const event = damaged(
  [
    '{"type":"person.left","data":{"who":{"email":"ann@example.com"},"at":"2026-03-31","reason":"Moved on","eventId":"e-1"}}',
    '{"type":"person.returns","timestamp":"2026-01-01T00:00:00Z","data":{"who":{"employeeNumber":"7","source":"corp"}}}',
  ],
  [...jsonMarks, '"__proto__":', '\\u0000', '1e999', '"type":"person.left"', '"data":'],
);

/** Nothing of a word may be more than the store takes, or name nobody. */
function expectWord({ who, eventId }: Word): void {
  expect(eventId).toMatch(/\S/);
  if (who.kind !== 'names') throw new Error('HR names people by columns.');
  const names = [who.email, who.employeeNumber, who.login, who.anchor].flatMap((name) => name ?? []);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    expect(name.length).toBeLessThanOrEqual(500);
    expect(name.isWellFormed() && !name.includes('\0')).toBe(true);
  }
}

test('a file is read row by row, or refused with a sentence', () => {
  fc.assert(
    fc.property(csv, (bytes) => {
      const read = readRows(bytes, 'hr.csv');
      if (read.kind === 'unreadable') {
        expect(read.sentence).toMatch(/\S/);
        return;
      }
      for (const row of read.rows)
        if (row.kind === 'word') expectWord(row.word);
        else expect(row.sentence).toMatch(/\.$/);
    }),
    asLongAs(2_000),
  );
});

test('an event is a word, or refused with a sentence', () => {
  fc.assert(
    fc.property(event, (bytes) => {
      const read = readPayload(bytes.toString(), 'msg-1');
      if (read.kind === 'word') expectWord(read.word);
      else expect(read.sentence).toMatch(/Nothing was done\.$/);
    }),
    asLongAs(2_000),
  );
});
