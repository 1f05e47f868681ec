/** Each promise of the README has tests of its number that try to break it, and there are none besides. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './markdown.ts';

test('the promises of the README are those that are tested, by their numbers', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, list = ''] = /\n## What it promises\n([\s\S]*?)\n## /.exec(readme) ?? [];
  const promised = [...list.matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => Number(number));
  const files = await readdir(join(root, 'test/promises'));

  expect(promised).toHaveLength(12);
  expect([...new Set(files.map((file) => Number(file.slice(0, 2))))].toSorted((a, b) => a - b)).toEqual(
    promised,
  );
});
