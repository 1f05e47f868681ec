/** `.github/release-notes`, on a copy of what it reads. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-release-'));
  for (const file of [
    '.github/release-notes',
    'package.json',
    'Dockerfile',
    'deploy/helm/rollcall/Chart.yaml',
  ]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  changes('## Unreleased\n\n## 0.1.0 (2026-03-01)\n\n### Added\n\n- The first.\n\n## 0.0.9\n\n- Before.\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const changes = (text: string): void => writeFileSync(join(folder, 'CHANGELOG.md'), text);
function notes(version: string) {
  const { status, stdout, stderr } = spawnSync(join(folder, '.github/release-notes'), [version], {
    encoding: 'utf8',
  });
  return { status, stdout: stdout.trim(), stderr };
}

test('they are what the changes say of that version', () => {
  expect(notes('0.1.0')).toEqual({ status: 0, stdout: '### Added\n\n- The first.', stderr: '' });
});

test('a version that nobody has written about is refused', () => {
  changes('## Unreleased\n\n- Something.\n');
  expect(notes('0.1.0')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('says nothing of 0.1.0'),
  });

  changes('## 0.1.0\n\n## 0.0.9\n\n- Before.\n');
  expect(notes('0.1.0').status).toBe(1);
});

test.each([
  'package.json',
  'Dockerfile',
  'deploy/helm/rollcall/Chart.yaml',
])('a tag that %s knows nothing of is refused', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  writeFileSync(join(folder, file), text.replaceAll('0.1.0', '0.0.9'));

  expect(notes('0.1.0')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining(`${file} is not of version 0.1.0`),
  });
});
