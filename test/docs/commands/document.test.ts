/** docs/commands.md is what can be typed. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { documentFile, documentOf } from './document.ts';
import { programToRead } from './program.ts';

const { program } = programToRead();

test('docs/commands.md is made from the program as it is', async () => {
  expect(await readFile(documentFile, 'utf8'), 'npm run docs:commands makes it anew').toBe(
    documentOf(program),
  );
});

test('every command has its chapter', () => {
  const text = documentOf(program);
  const names = program.commands
    .map((command) => command.name())
    .filter((name) => !['complete', 'help'].includes(name));

  expect(names.length).toBeGreaterThan(25);
  expect(names.filter((name) => !text.includes(`\n### rollcall ${name}\n`))).toEqual([]);
});
