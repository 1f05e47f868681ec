/** docs/metrics.md is what the program tells. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createMetrics } from '../../../src/server/metrics/index.ts';
import { documentFile, documentOf, readRules } from './document.ts';

const { described } = createMetrics();

test('docs/metrics.md is made from the metrics and the alerts as they are', async () => {
  expect(await readFile(documentFile, 'utf8'), 'npm run docs:metrics makes it anew').toBe(
    documentOf(described, await readRules()),
  );
});

test('names have base units and say what they count', () => {
  for (const { name, type, help } of described) {
    expect(help, name).toMatch(/[.]$/);
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|hours|days|percent)\b/);
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
  }
});
