import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileOf, unfitForFile } from '../../../src/execute/bulk/csv-file.ts';
import { decodePassword } from '../../../src/profile-api/password.ts';

const shape = { columns: {}, passwords: false };
const read = (csv: string) => parse<Record<string, string>>(csv, { columns: true });

describe('a file of people', () => {
  test('says of whoever is fit for it what they are, whatever the text', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean());
    const person = fc.record({ email: fc.emailAddress(), username: cell, name: cell, phone: cell });

    fc.assert(
      fc.property(fc.array(person, { minLength: 1 }), (people) => {
        const fit = people.filter((one) => unfitForFile(one) === undefined);

        const rows = read(fileOf(fit, shape).csv);

        expect(rows).toEqual(
          fit.map((one) => ({
            email: one.email,
            username: String(one.username),
            name: String(one.name),
            phone: String(one.phone),
            is_active: 'true',
          })),
        );
      }),
    );
  });

  test('has one random password a row, encoded and confirmed, and tells which texts are secret', () => {
    const file = fileOf([{ email: 'a@example.com' }, { email: 'b@example.com' }], {
      ...shape,
      passwords: true,
    });

    const rows = read(file.csv);

    const passwords = rows.map(({ password }) => decodePassword(password ?? ''));
    expect(new Set(passwords).size).toBe(2);
    expect(rows.map((row) => decodePassword(row.confirm_password ?? ''))).toEqual(passwords);
    expect(file.secrets).toEqual(rows.flatMap((row) => [row.password, row.confirm_password]));
  });

  test('calls its columns as the configuration does, and leaves a cell empty where somebody has no such attribute', () => {
    const people = [{ email: 'a@example.com', role: 'User' }, { email: 'b@example.com' }];

    const file = fileOf(people, { columns: { email: 'E-mail', role: 'User role' }, passwords: false });

    expect(file.csv).toBe(
      'E-mail,username,User role,is_active\r\na@example.com,,User,true\r\nb@example.com,,,true\r\n',
    );
  });

  test.each([
    ['=HYPERLINK("https://evil.example")', 'begins like a formula'],
    ['@SUM(A1)', 'begins like a formula'],
    ['+cmd|calc', 'begins like a formula'],
    ['-1+cmd', 'begins like a formula'],
    ['two\nlines', 'has control characters'],
    ['\tTab', 'has control characters'],
    [' space', 'begins or ends with a space'],
    [['a', 'b'], 'is no single value'],
    [null, 'is no single value'],
  ] as const)('takes nobody with the value %j', (phone, why) => {
    expect(unfitForFile({ email: 'a@example.com', phone })).toContain(`Their phone ${why}`);
  });

  test.each([
    '+49 (0)30 123-45',
    '-',
    '',
    'O’Neil, "Al"',
    'a=b',
    801_212,
    true,
  ])('takes %j as it is', (phone) => {
    expect(unfitForFile({ email: 'a@example.com', phone })).toBeUndefined();
  });
});
