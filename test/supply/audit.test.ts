import { expect, test } from 'vitest';
import { verdictOn } from './audit.ts';

const found = (severity: string) => ({
  auditReportVersion: 2,
  vulnerabilities:
    severity === '' ? {} : { leftpad: { name: 'leftpad', severity, range: '<2.0.0', via: [] } },
  metadata: {
    vulnerabilities: {
      ...{ info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: severity === '' ? 0 : 1 },
      ...(severity === '' ? {} : { [severity]: 1 }),
    },
  },
});

test.each([
  ['', 0],
  ['moderate', 0],
  ['high', 1],
  ['critical', 1],
])('a weakness that is %s ends with %i', (severity, code) => {
  expect(verdictOn(JSON.stringify(found(severity))).code).toBe(code);
});

test('the weak package is named', () => {
  expect(verdictOn(JSON.stringify(found('high'))).lines).toEqual([
    'high: leftpad <2.0.0',
    '1 known weaknesses in what ships, 1 of them high or critical.',
  ]);
});

test('a registry that has no audits is told of, and taken for neither good nor bad', () => {
  const refused = { message: '405 Method Not Allowed', statusCode: 405, error: { summary: '', detail: '' } };

  expect(verdictOn(JSON.stringify(refused))).toEqual({
    code: 0,
    lines: ['Nothing was checked: the registry answers no audit (405 Method Not Allowed).'],
  });
});

test('an answer that nobody expects is not taken for a good one', () => {
  expect(() => verdictOn('{}')).toThrow();
  expect(() => verdictOn('')).toThrow();
});
