/** What `npm ci` brings is what was looked at, and runs nothing on the way that nobody approved. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { pinnedPackages, root } from './packages.ts';

const versions = z.record(z.string(), z.string());
const { dependencies, devDependencies, allowScripts } = z
  .object({
    dependencies: versions,
    devDependencies: versions,
    allowScripts: z.record(z.string(), z.boolean()),
  })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

test('of every package exactly one version is wanted, and verified by its hash', () => {
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  expect(pinnedPackages().filter(({ isVerified }) => !isVerified)).toEqual([]);
});

test('every installation script was decided on, and none of what ships runs one', () => {
  const withScript = pinnedPackages().filter(({ hasInstallScript }) => hasInstallScript);

  expect(new Set(withScript.map(({ name }) => name))).toEqual(new Set(Object.keys(allowScripts)));
  expect(withScript.filter(({ name, ships }) => ships || allowScripts[name] === undefined)).toEqual([]);
});

test('the image installs without scripts, and what the lock file says', () => {
  const installs = readFileSync(join(root, 'Dockerfile'), 'utf8').match(/npm (ci|i|install) .*/g) ?? [];

  expect(installs.length).toBe(2);
  for (const install of installs) expect(install).toMatch(/^npm ci .*--ignore-scripts/);
});
