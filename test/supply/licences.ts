/** docs/licences.md: whose work is in Rollcall, and on which terms. */
import { join } from 'node:path';
import { type Pinned, pinnedPackages, root } from './packages.ts';

export const documentFile = join(root, 'docs/licences.md');

/** Those that ask for no more than to be named. */
const permissive = [
  ...[
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'CC0-1.0',
    'ISC',
    'MIT',
    'MIT-0',
  ],
  'Unlicense',
];

/** What is only used while developing may ask for more, since nobody is handed it. */
const forDevelopment = [...permissive, 'CC-BY-4.0', 'MPL-2.0', 'Python-2.0'];

/** Whether the terms let it be here; of alternatives one is enough. */
export function isAllowed({ licence = '', ships }: Pick<Pinned, 'licence' | 'ships'>): boolean {
  const allowed = ships ? permissive : forDevelopment;
  const alternatives = licence.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return alternatives.some((one) => allowed.includes(one));
}

export function documentOf(packages: readonly Pinned[] = pinnedPackages()): string {
  const shipped = packages.filter(({ ships }) => ships);
  const rows = new Set(shipped.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`));
  return `# Licences

Rollcall is under the [MIT licence](../LICENSE). These ${rows.size} packages of others are part of it, each on terms that ask for no more than to be named; their texts lie beside them in \`node_modules\`, in the image too. Made from the lock file by \`npm run docs:licences\`.

The image has besides: [Node](https://github.com/nodejs/node/blob/main/LICENSE) (MIT, and those of what it contains), and of Debian libc6 (LGPL-2.1-or-later), libgcc-s1 and libstdc++6 (GPL-3.0 with the GCC runtime library exception), with their texts under \`/usr/share/doc\`.

| package | version | licence |
|---|---|---|
${[...rows].toSorted().join('\n')}
`;
}
