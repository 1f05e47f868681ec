/** Help, as it is shown for every command at several widths. */
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { pathOf } from '../../../src/cli/help/add-help.ts';
import { topics } from '../../../src/cli/help/topics.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { displayWidth } from '../../../src/cli/render/display-width.ts';
import { collect } from '../output.ts';

function program(columns = 80, env: NodeJS.ProcessEnv = {}) {
  const { stdout, stderr, told } = collect({ isTTY: true, columns });
  const built = buildProgram(
    { stdout, stderr, env, cwd: '/', signal: new AbortController().signal },
    () => undefined,
  );
  return { built, told };
}

const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];
const ends = all(program().built).filter(({ commands }) => commands.length === 0);
const visible = ends.filter((command) => pathOf(command) !== 'complete');
const examples = topics.flatMap(({ commands }) => Object.entries(commands));

async function helpOf(path: string, columns?: number, env?: NodeJS.ProcessEnv): Promise<string> {
  const { built, told } = program(columns, env);
  await built
    .parseAsync([...path.split(' ').filter((word) => word !== ''), '--help'], { from: 'user' })
    .catch(() => {});
  return told();
}

test.each(visible.map(pathOf))('`%s` has help with examples, in a group', async (path) => {
  const help = await helpOf(path);

  expect(help).toContain('Examples:\n');
  expect(help).toMatch(new RegExp(`^  rollcall ${path}`, 'm'));
});

test('no topic is about a command that there is not', () => {
  const known = new Set(all(program().built).map(pathOf));

  expect(examples.map(([path]) => path).filter((path) => !known.has(path))).toEqual([]);
});

test('all commands stand in the overview, in the order of the topics, and none is left over', async () => {
  const help = await helpOf('', 80, { NO_COLOR: '1' });
  const headings = [...help.matchAll(/^(?!Usage)\S.*:$/gm)].map(([heading]) => heading);

  expect(headings).toEqual(['Options:', ...topics.map(({ heading }) => heading), 'Help:']);
  expect(help.slice(help.indexOf('Help:')).match(/^ {2}\w/gm)).toHaveLength(1);
});

describe('every example', () => {
  const typed = examples.flatMap(([, shown]) => shown.map((one) => one.typed));

  test.each(typed)('`rollcall %s` can be typed', async (line) => {
    const { built, told } = program();
    const ran: string[] = [];
    for (const command of all(built))
      if (command.commands.length === 0) command.action(() => void ran.push(pathOf(command)));

    await built.parseAsync(wordsOf(line), { from: 'user' });

    expect(told()).toBe('');
    expect(ran).toHaveLength(1);
    expect(line.startsWith(ran[0] ?? '?')).toBe(true);
  });
});

/** As a shell would take them apart. */
const wordsOf = (line: string): readonly string[] =>
  [...line.replace(/ >+ .*/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );

test.each([40, 60, 80, 200])('at %i columns no line of words is wider than the terminal', async (columns) => {
  for (const command of all(program().built)) {
    const help = await helpOf(pathOf(command), columns, { NO_COLOR: '1' });
    const [words = ''] = help.split('\nExamples:');
    for (const line of words.split('\n').filter((one) => !one.startsWith('Usage:')))
      expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
  }
});

test('titles are bold on a terminal, and plain with NO_COLOR', async () => {
  const escapeCode = '\u001b';

  expect(await helpOf('plan')).toContain(`${escapeCode}[1mUsage:`);
  expect(await helpOf('plan', 80, { NO_COLOR: '1' })).not.toContain(escapeCode);
});
