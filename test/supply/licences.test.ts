import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { documentFile, documentOf, isAllowed } from './licences.ts';
import { pinnedPackages } from './packages.ts';

test('every package is on terms that let it be here', () => {
  const packages = pinnedPackages();

  expect(packages.length).toBeGreaterThan(200);
  expect(packages.filter((one) => !isAllowed(one))).toEqual([]);
});

test.each([
  { licence: 'GPL-3.0-only', ships: false },
  { licence: 'AGPL-3.0-or-later', ships: true },
  { licence: 'MPL-2.0', ships: true },
  { licence: 'MIT AND GPL-2.0-only', ships: true },
  { licence: 'SEE LICENSE IN FILE', ships: true },
  { licence: undefined, ships: true },
])('$licence would be told, shipped: $ships', (one) => {
  expect(isAllowed(one)).toBe(false);
});

test.each(['MIT', '(MIT OR GPL-2.0-only)', 'Apache-2.0 OR MIT'])('%s is fine', (licence) => {
  expect(isAllowed({ licence, ships: true })).toBe(true);
});

test('docs/licences.md is made from the lock file as it is', async () => {
  expect(await readFile(documentFile, 'utf8'), 'npm run docs:licences makes it anew').toBe(documentOf());
});
