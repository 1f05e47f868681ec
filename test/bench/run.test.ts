/** That the benchmarks run; how fast is for `npm run bench` on a quiet machine. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const bench = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../bench/run.ts'), ...args]);

test('a benchmark prints what it measured, against its reference', async () => {
  const { stdout } = await bench('ldap-pull', '--people', '1000', '--rounds', '1');

  expect(stdout).toContain('## ldap-pull, 1,000 people');
  expect(stdout).toMatch(/\| ldapsearch -E pr=1000\/noprompt, plain \| 1\.00 \|/);
  expect(stdout).toMatch(/\| Rollcall, plain \| [\d.]+ \| [\d.]+ s \| ([\d.]+|-) \| [\d.]+ s \| \d+ \|/);
  expect(stdout).toMatch(/\| Rollcall, LDAPS \| [\d.]+ \|/);
});

test('runs that find nothing to do are held against the longer one of both readings', async () => {
  const { stdout } = await bench('nothing-changed', '--people', '300', '--rounds', '1');

  expect(stdout).toContain('## nothing-changed, 300 people');
  expect(stdout).toMatch(/\| the longer one of both readings \| 1\.00 \|/);
  expect(stdout).toMatch(/\| a run, whole \| [\d.]+ \| [\d.]+ s \|/);
  expect(stdout).toMatch(/\| a run, delta \| [\d.]+ \| [\d.]+ s \|/);
}, 120_000);

test('reconciling alone finds those who have changed, and nobody else', async () => {
  const { stdout } = await bench('reconcile', '--people', '2000', '--rounds', '1');

  expect(stdout).toContain('## reconcile, 2,000 people');
  expect(stdout).toMatch(/\| reconciled \| [\d.]+ \| [\d.]+ s \|/);
}, 60_000);

test('a name that no benchmark has is refused, with those that there are', async () => {
  await expect(bench('ldap-pul')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no benchmark named ldap-pul. There are: ldap-pull'),
  });
});
