/** Links within the documentation lead somewhere, to the very heading. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { type Document, readDocuments, root } from './markdown.ts';

const documents = await readDocuments();
const byFile = new Map(documents.map((one) => [one.file, one]));

function problemOf({ file }: Document, link: string): string | undefined {
  const [path = '', anchor] = decodeURI(link).split('#');
  const target = path === '' ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(root, target))) return `${file}: there is no ${target} (${link})`;
  if (statSync(join(root, target)).isDirectory() || anchor === undefined) return undefined;
  return byFile.get(target)?.anchors.has(anchor) === true
    ? undefined
    : `${file}: ${target} has no heading #${anchor}`;
}

test('every link leads to a file and a heading that are there', () => {
  const links = documents.flatMap((document) => document.links.map((link) => ({ document, link })));

  expect(links.length).toBeGreaterThan(50);
  expect(links.map(({ document, link }) => problemOf(document, link)).filter(Boolean)).toEqual([]);
});

test('a link that leads nowhere would be found', () => {
  const [document] = documents.filter(({ file }) => file === 'README.md');

  expect(document && problemOf(document, 'docs/no-such-page.md')).toContain(
    'there is no docs/no-such-page.md',
  );
  expect(document && problemOf(document, 'docs/alerts.md#nothing')).toContain('has no heading #nothing');
});

test('every page of docs can be reached from the table of contents', () => {
  const reached = new Set(['docs/README.md']);
  for (const file of reached)
    for (const link of byFile.get(file)?.links ?? []) {
      const target = normalize(join(dirname(file), link.split('#')[0] ?? ''));
      if (byFile.has(target)) reached.add(target);
    }

  expect(
    documents.map(({ file }) => file).filter((file) => file.startsWith('docs/') && !reached.has(file)),
  ).toEqual([]);
});
