/** Backups that are kept at the same moment. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepBackup } from '../../../src/plan/backup/folder.ts';

test('two who save for one run in the same second have a whole file each', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-backups-'));
  try {
    const contents = ['one', 'two', 'three'].map((text) => text.repeat(100_000));
    const now = new Date('2026-03-01T12:00:00Z');

    const paths = await Promise.all(
      contents.map((content) => keepBackup(folder, 'k3v9m2wt', 'csv', content, 5, now)),
    );

    expect(new Set(paths).size).toBe(3);
    expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(contents);
    expect(await readdir(folder)).toHaveLength(3);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('old ones are cleared away once, however many do so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-backups-'));
  try {
    const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second));
    for (let second = 0; second < 5; second += 1) await keepBackup(folder, 'old', 'csv', 'x', 5, at(second));

    await Promise.all([10, 11, 12].map((second) => keepBackup(folder, 'new', 'csv', 'x', 1, at(second))));

    expect(await readdir(folder)).toEqual(['org-20260301T120012Z-new.csv']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
