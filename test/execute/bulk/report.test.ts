import { describe, expect, test } from 'vitest';
import { readReport } from '../../../src/execute/bulk/report.ts';
import type { AttributeValue } from '../../../src/profile-api/profile.ts';

const emails = new Set(['ada@example.com', 'bob@example.com']);
const bob = 'bob@example.com';
const read = (body: AttributeValue | undefined) => {
  const { refused, isUnclear } = readReport(body, emails);
  return { refused: Object.fromEntries(refused), isUnclear };
};

describe('what a server says of the rows of a file', () => {
  test.each<[string, AttributeValue, string]>([
    ['a list of objects', { errors: [{ row: 2, email: bob, error: 'No role.' }] }, 'No role.'],
    ['in any case of letters', { errors: [{ Email: 'BOB@example.com', reason: 'No role.' }] }, 'No role.'],
    [
      'at some depth',
      { data: { invalid_rows: [{ email: bob, errors: ['No role.', 'Bad.'] }] } },
      'No role. Bad.',
    ],
    ['by address', { failed: { [bob]: ['No role.'] } }, 'No role.'],
    ['as sentences', { errors: [`${bob}: no role`] }, `${bob}: no role`],
    ['with fields', { errors: [{ email: bob, errors: { role: ['Unknown.'] } }] }, 'Unknown.'],
  ])('is understood as %s', (_, body, sentence) => {
    expect(read(body)).toMatchObject({
      refused: { [bob]: expect.stringContaining(sentence.split('.')[0] ?? '') },
      isUnclear: false,
    });
  });

  test.each<[string, AttributeValue | undefined]>([
    ['nothing', undefined],
    ['a success', { status: 'success', rows: 2, errors: [] }],
    ['a count of none', { status: 'success', failed: 0, errors: {} }],
    ['a list', []],
  ])('is no complaint where it is %s', (_, body) => {
    expect(read(body)).toEqual({ refused: {}, isUnclear: false });
  });

  test.each<[string, AttributeValue]>([
    ['rows by number alone', { errors: [{ row: 2, error: 'No role.' }] }],
    ['somebody else', { errors: [{ email: 'eve@example.com', error: 'No role.' }] }],
    ['a count', { failed: 3 }],
    ['a status', { status: 'error' }],
    ['one word for all', { error: 'Too many columns.' }],
    ['two people at once', { errors: ['ada@example.com is like bob@example.com'] }],
  ])('is unclear where it names %s', (_, body) => {
    expect(read(body)).toEqual({ refused: {}, isUnclear: true });
  });
});
