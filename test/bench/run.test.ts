/** That the benchmarks run; how fast is for `npm run bench` on a quiet machine. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const runFile = (file: string, ...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../bench', file), ...args]);
const bench = (...args: readonly string[]) => runFile('run.ts', ...args);

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
  expect(stdout).toMatch(/\| reconciled \| - \| [\d.]+ s \| [\d.]+ \|/);
}, 60_000);

test('a first load and the run after it are held against those of a tenth of the people', async () => {
  const { stdout } = await bench('end-to-end', '--people', '1000', '--rounds', '1');

  expect(stdout).toMatch(/\| first load, 1,000 \| [\d.]+ \| [\d.]+ s \|/);
  expect(stdout).toMatch(/\| nothing changed, 1,000 \| [\d.]+ \| [\d.]+ s \|/);
}, 120_000);

test('a name that no benchmark has is refused, with those that there are', async () => {
  await expect(bench('ldap-pul')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no benchmark named ldap-pul. There are: ldap-pull'),
  });
});

test('a first load is measured against a bare loop, and each has to create everybody once', async () => {
  const { stdout } = await bench('first-load', '--people', '30', '--rounds', '1');

  expect(stdout).toMatch(/\| a bare loop of got \| 1\.00 \|/);
  expect(stdout).toMatch(/\| Rollcall, PostgreSQL and Redis \| [\d.]+ \| [\d.]+ s \|/);
  expect(stdout).toMatch(
    /\| the bare loop with as few looks as Rollcall took just now \| [\d.]+ \| [\d.]+ s \|/,
  );
  expect(stdout).toMatch(/\| Rollcall, embedded \| [\d.]+ \| [\d.]+ s \|/);
});

test('worker processes are measured beside each other, without and with a limit of the API', async () => {
  const { stdout } = await bench('scale-out', '--people', '20', '--rounds', '1');

  expect(stdout).toMatch(/\| 1 worker \| 1\.00 \|/);
  expect(stdout).toMatch(/\| 10 workers, at most 200 requests\/s \| [\d.]+ \|/);
});

test('the start of a service is measured until it is at work', async () => {
  const { stdout } = await bench('cold-start', '--rounds', '1');

  expect(stdout).toMatch(/\| Rollcall from source, PostgreSQL and Redis \| [\d.]+ \| [\d.]+ s \|/);
  expect(stdout).toMatch(/\| Rollcall from source, a new embedded store \| [\d.]+ \| [\d.]+ s \|/);
});
