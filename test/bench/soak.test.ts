/** That a soak runs, days pass in it, and its judgement can tell what grows from what levels off. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Day } from '../../bench/soak-day.ts';
import { judge, writePage } from '../../bench/soak-page.ts';

const flat: Day = {
  ...{ day: 0, memoryMib: 200, openFiles: 40, databaseConnections: 7, redisConnections: 5, redisKeys: 6 },
  ...{ runs: 84, operations: 900, runsMib: 1, operationsMib: 2, linksMib: 3, auditMib: 4 },
};
const month = (of: (day: number) => Partial<Day>): readonly Day[] =>
  Array.from({ length: 30 }, (_, day) => ({ ...flat, ...of(day), day }));
const growing = (days: readonly Day[]) =>
  judge(days).flatMap(({ measure, isLevel }) => (isLevel ? [] : [measure]));

test('what rises at first and then stays levels off; what rises for ever is told by name', () => {
  expect(
    growing(month((day) => ({ memoryMib: 200 + 10 * Math.min(day, 12), runs: 12 * Math.min(day, 7) }))),
  ).toEqual([]);
  expect(growing(month((day) => ({ memoryMib: 200 + 10 * day })))).toEqual(['memoryMib']);
  expect(growing(month((day) => ({ redisKeys: 6 + day, operations: 100 * day })))).toEqual([
    'redisKeys',
    'operations',
  ]);
  // A pool of ten, of which three or nine are open; but not one more each day.
  expect(
    growing(month((day) => ({ databaseConnections: day < 20 ? 3 + (day % 3) : 4 + (day % 6) }))),
  ).toEqual([]);
  expect(growing(month((day) => ({ databaseConnections: 7 + day })))).toEqual(['databaseConnections']);
  // Both are kept on purpose.
  expect(growing(month((day) => ({ auditMib: day, linksMib: day })))).toEqual([]);
});

test('the page says it in words', () => {
  const days = month((day) => ({ openFiles: 10 * (day + 1) }));

  const page = writePage({ people: 20_000, runsADay: 12, days, verdicts: judge(days) });

  expect(page).toMatch(/\| openFiles \| 64\.5 % \| 10\.0 % \| GROWS \|/);
  expect(page).toMatch(/\| memoryMib \| 0\.0 % \| 15\.0 % \| levels off \|/);
});

test('two days pass, with people who come, change and go', async () => {
  const file = join(import.meta.dirname, '../../bench/soak.ts');
  const args = [file, '--people', '40', '--days', '2', '--runs', '2'];

  // Two days are too few to level off.
  const { stdout } = await promisify(execFile)(process.execPath, args).catch(
    (error: unknown) => error as { readonly stdout: string },
  );

  const days = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  expect(days).toMatchObject([
    { day: 0, runs: 2, operations: 40 },
    { day: 1, runs: 4 },
  ]);
  expect(days[1].operations).toBeGreaterThan(40);
  expect(stdout).toContain('# A month in the life of a service');
});
