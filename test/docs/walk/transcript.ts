/** Goes through a document as a reader would: types what stands there, in order, and compares what is printed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { runCommand } from '../../../src/cli/run-command.ts';
import type { Block } from '../markdown.ts';
import { type Started, startedBy } from '../shell.ts';

export interface Surroundings {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** What stands for what: `ldap.example.com` in the document for `127.0.0.1:4711` here. */
  readonly names: Readonly<Record<string, string>>;
}

export interface Difference {
  readonly place: string;
  readonly expected: string;
  readonly printed: string;
}

/** Ids of runs and plans as the documentation writes them, and as they came out here. */
type Ids = Map<string, string>;

/** @returns where the document says otherwise than the program prints, after the first of which it does not go on */
export async function walk(blocks: readonly Block[], around: Surroundings): Promise<readonly Difference[]> {
  const ids: Ids = new Map();
  for (const [index, block] of blocks.entries()) {
    if (block.marks.file !== undefined) await save(block, block.marks.file, around);
    if (block.language !== 'sh' || block.marks.not !== undefined) continue;
    const printed = await typed(await startedBy(withIds(block.text, ids)), around);
    const next = blocks[index + 1];
    const expected = next?.language === 'text' ? next.text : '';
    if (!isAsTold(expected, printed, ids)) return [{ place: block.place, expected, printed }];
  }
  return [];
}

async function save({ text }: Block, file: string, { folder }: Surroundings): Promise<void> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${text}\n`);
}

const withIds = (text: string, ids: Ids): string => text.replaceAll(anId, (id) => ids.get(id) ?? id);

async function typed(started: readonly Started[], { folder, env, names }: Surroundings): Promise<string> {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: unknown, _, next) => {
      text += String(chunk);
      next();
    },
  });
  const { signal } = new AbortController();
  for (const [program, ...args] of started) {
    const own = program === 'npx' ? args.slice(1) : args;
    if (program !== 'rollcall' && !(program === 'npx' && args[0] === 'rollcall')) continue;
    await runCommand(own, {
      stdout: stream,
      stderr: stream,
      env: { NO_COLOR: '1', ...env },
      cwd: folder,
      signal,
    });
  }
  return Object.entries(names)
    .reduce((told, [name, here]) => told.replaceAll(here, name), text)
    .trim();
}

/** Of runs, plans and operations: eight letters and digits, with at least one of each. */
const anId = /\b(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{8}\b/g;

/** `…` stands for anything, a line of `…` alone for any lines; times, durations and ids need not be the same. */
function isAsTold(expected: string, printed: string, ids: Ids): boolean {
  const named: string[] = [];
  const pattern = expected
    .split(/(\n?^…$|…)/m)
    .map((part) => (part.endsWith('…') ? '[\\s\\S]*?' : patternOf(part, ids, named)))
    .join('');
  const found = new RegExp(`^${pattern}$`).exec(printed);
  if (found === null) return false;
  for (const [index, id] of named.entries()) ids.set(id, found[index + 1] ?? id);
  return true;
}

function patternOf(text: string, ids: Ids, named: string[]): string {
  return text
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, '[0-9-]+ [0-9:]+Z')
    .replaceAll(anId, (id) => {
      if (ids.has(id)) return ids.get(id) ?? id;
      if (named.includes(id)) return `\\${named.indexOf(id) + 1}`;
      named.push(id);
      return '([a-z0-9]{8})';
    });
}
