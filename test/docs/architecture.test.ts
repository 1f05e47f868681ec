/** docs/architecture.md is true to the folders of the code. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './markdown.ts';

const text = await readFile(join(root, 'docs/architecture.md'), 'utf8');

const foldersIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(root, folder), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);

test('every folder of the program has its line', async () => {
  const folders = [...(await foldersIn('src')), ...(await foldersIn('connectors')), 'config'];

  expect(folders.length).toBeGreaterThan(15);
  expect(folders.filter((folder) => !text.includes(`\n| \`${folder}\` |`))).toEqual([]);
});

test('no line is about a folder that there is not', () => {
  const named = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, folder = '']) => folder);

  expect(named.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
});

test('the order of the lines is the order of the layers: a folder uses those below it', async () => {
  const order = [...text.matchAll(/^\| `src\/([a-z-]+)` \|/gm)].map(([, name = '']) => name);
  const upwards: string[] = [];
  for (const [place, name] of order.entries())
    for (const file of await sourcesIn(join(root, 'src', name)))
      for (const [, target = ''] of (await readFile(file, 'utf8')).matchAll(
        /^(?:import|export) (?!type\b)[^;]*? from '(?:\.\.\/)+([a-z-]+)\//gm,
      ))
        if (order.includes(target) && order.indexOf(target) < place) upwards.push(`${name} uses ${target}`);

  expect([...new Set(upwards)].sort()).toEqual([]);
});

const sourcesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

/** States of operations in the diagram are those of the store. */
test('the states of an operation are those that there are', async () => {
  const { operationStates } = await import('../../src/cli/run-result.ts');
  const [, diagram = ''] = /stateDiagram-v2\n([\s\S]*?)```/.exec(text) ?? [];
  const drawn = new Set([...diagram.matchAll(/\b([a-z]+)(?= -->|:|$)/gm)].map(([, state = '']) => state));

  expect(operationStates.filter((state) => !drawn.has(state))).toEqual([]);
});
