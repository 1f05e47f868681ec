/** docs/operations.md has a way out for everything that an alert may tell. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alertEvents } from '../../config/sections/notify.ts';
import { readRules } from '../server/metrics/document.ts';
import { root } from './markdown.ts';

const text = await readFile(join(root, 'docs/operations.md'), 'utf8');
const table = text.split('\n').filter((line) => line.startsWith('| `'));

const leadsSomewhere = (name: string): boolean =>
  table.some((line) => line.includes(`\`${name}\``) && line.includes('](#'));

test('every alert that people are told of', () => {
  expect(alertEvents.filter((event) => !leadsSomewhere(event))).toEqual([]);
});

test("every alert of Prometheus' rules", async () => {
  const rules = await readRules();

  expect(rules.length).toBeGreaterThan(15);
  expect(rules.map(({ alert }) => alert).filter((alert) => !leadsSomewhere(alert))).toEqual([]);
});
