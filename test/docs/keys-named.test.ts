/** Keys of the configuration that sentences name are there. */
import { expect, test } from 'vitest';
import { configJsonSchema, schemasAt } from '../../config/json-schema.ts';
import { readDocuments } from './markdown.ts';

const schema = configJsonSchema();
/** What the log and the audit log tell of begins with these words, too (`audit.broken`). */
const areasOfEvents = ['audit', 'maintenance'];
const sections = Object.keys(schema.properties ?? {}).filter((name) => !areasOfEvents.includes(name));

/** The changes are not about today's keys, and the API's answers have keys of their own. */
const others = ['CHANGELOG.md', 'docs/api-reference.md'];
const documents = (await readDocuments()).filter(({ file }) => !others.includes(file));
const named = documents.flatMap(({ file, spans }) =>
  spans
    .map((span) => /^([a-z][A-Za-z]*(?:\.[a-z][A-Za-z]*)+)(?::|$)/.exec(span)?.[1] ?? '')
    .filter((key) => sections.includes(key.split('.')[0] ?? ''))
    .map((key) => ({ file, key })),
);

/** A guide to one kind of source leaves out that its keys are those of a source. */
const isThere = (key: string): boolean =>
  [key.split('.'), ['sources', 0, ...key.split('.')]].some((path) => schemasAt(schema, path).length > 0);

test('every key that is named in the documentation is one that can be written', () => {
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ key }) => !isThere(key))).toEqual([]);
  expect(isThere('guards.maxShrimp')).toBe(false);
});
