/** Every case of docs/lifecycle.md, lived through. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { chapters } from './cases/index.ts';
import { documentFile, documentOf } from './document.ts';
import { beginLife, type Life, type SourceName, withoutContradicted } from './life.ts';

describe.each(chapters)('$title', ({ cases }) => {
  test.each(cases)('$name', ({ settings, given, when, outcome }) => {
    const life = beginLife(settings);

    for (const { does } of [...given, ...when]) does(life);

    for (const { does } of outcome) does(life);
    expect(remaining(life)).toEqual([]);
  });
});

describe('docs/lifecycle.md', () => {
  test('is what the cases make of it', async () => {
    expect(await readFile(documentFile, 'utf8'), 'npm run docs:lifecycle makes it anew').toBe(
      documentOf(chapters),
    );
  });

  test('has at least 60 cases, each under a name of its own', () => {
    const names = chapters.flatMap(({ title, cases }) => cases.map(({ name }) => `${title}: ${name}`));

    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Promise 12: two more runs of every source that was read find nothing to do but what waits for a person. */
function remaining(life: Life): readonly string[] {
  const sources: readonly SourceName[] = [...life.latest.keys()];
  for (const source of sources) life.run(source);
  return sources.flatMap((source) => {
    const concluded = life.run(source);
    return concluded === undefined
      ? []
      : withoutContradicted(concluded).map(({ kind }) => `${source}: ${kind}`);
  });
}
