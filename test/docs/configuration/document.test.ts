/** docs/configuration.md is what the program takes: every key, told and tried. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { configJsonSchema, type JsonSchema } from '../../../config/json-schema.ts';
import { problemOfSettings } from '../settings.ts';
import { documentFile, documentOf, exampleOf } from './document.ts';
import { formsOf, sections } from './keys.ts';

const all = sections();
const keys = all.flatMap((section) => section.keys);

test('docs/configuration.md is made from the schema as it is', async () => {
  expect(await readFile(documentFile, 'utf8'), 'npm run docs:config makes it anew').toBe(documentOf(all));
});

test('every key says what it means', () => {
  expect(keys.length).toBeGreaterThan(150);
  expect(keys.filter(({ schema }) => (schema.description ?? '').length < 4).map(({ path }) => path)).toEqual(
    [],
  );
});

test('every key that holds no others has an example', () => {
  const holdsNone = (schema: JsonSchema): boolean =>
    kindsOf(schema).length === 0 &&
    formsOf(schema).every(({ items }) => items === undefined || holdsNone(items));
  const leaves = keys.filter(({ schema }) => holdsNone(schema));

  expect(leaves.filter(({ schema }) => exampleOf(schema) === undefined).map(({ path }) => path)).toEqual([]);
});

test.each([
  0, 1, 2,
])('the examples together are a configuration that loads, each thing in its way %i', async (way) => {
  const whole = Object(written(configJsonSchema(), way));
  const ids = ['corp', 'cloud', 'export'];
  const sources = whole.sources.map((source: object, index: number) => ({ ...source, id: ids[index] }));

  const problem = await problemOfSettings({ text: stringify({ ...whole, sources }), marks: {} });

  expect(problem).toBeUndefined();
});

/** What is written of something: where there are several ways, that of this number, or the last. */
function written(schema: JsonSchema, way: number): unknown {
  const kinds = kindsOf(schema);
  const form = kinds[Math.min(way, kinds.length - 1)];
  if (form === undefined) return exampleOf(schema);
  const entries = Object.entries(form.properties ?? {}).map(
    ([name, inner]) => [name, severalOf(inner, way)] as const,
  );
  // One way to sign in excludes the others, though the schema has them side by side.
  const isChoice = entries.length > 1 && form.required === undefined && 'secret' in (form.properties ?? {});
  return Object.fromEntries(isChoice ? entries.slice(way, way + 1) : entries);
}

/** In a list, and under names of one's own, every kind once. */
function severalOf(schema: JsonSchema, way: number): unknown {
  const [form] = formsOf(schema);
  const inList = form?.items === undefined ? [] : kindsOf(form.items);
  if (inList.length > 0) return inList.map((kind) => written(kind, way));
  const named = typeof form?.additionalProperties === 'object' ? kindsOf(form.additionalProperties) : [];
  if (named.length > 1)
    return Object.fromEntries(named.map((kind, index) => [`name${index}`, written(kind, way)]));
  return written(schema, way);
}

const kindsOf = (schema: JsonSchema): readonly JsonSchema[] =>
  formsOf(schema).filter(({ properties }) => properties !== undefined);
