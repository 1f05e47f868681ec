/** docs/commands.md, made from the program that reads what is typed, and from the topics of its help. */
import type { Command, Option } from 'commander';
import { pathOf } from '../../../src/cli/help/add-help.ts';
import { type Example, type Topic, topics } from '../../../src/cli/help/topics.ts';
import { table } from '../table.ts';

export const documentFile = new URL('../../../docs/commands.md', import.meta.url);

const preface = `# Commands

\`rollcall <command>\`; in a checkout \`npx rollcall <command>\`, in the container \`docker exec rollcall rollcall <command>\`. \`rollcall help COMMAND\` says the same in the terminal. Where a service runs, commands work beside it on the same
store, or [ask it from elsewhere](api.md#the-command-line-from-elsewhere); where none runs, \`plan\`, \`resync --wait\`, \`approve\` and their like do the whole work themselves and end when it is done. The [exit status](../README.md#exit-status) tells a script how it went.

This page is made from the program (\`npm run docs:commands\`).`;

export function documentOf(program: Command): string {
  const overview = topics.map((topic) => [`**${topic.heading}**`, commandLinks(topic)].join(' '));
  const chapters = topics.flatMap((topic) => [
    `## ${topic.heading.replace(/:$/, '')}`,
    ...Object.entries(topic.commands).flatMap(([path, examples]) =>
      chapterOf(commandAt(program, path), examples),
    ),
  ]);
  return `${[preface, overview.join('\n\n'), '## Options of every command', optionTable(program.options), ...chapters].join('\n\n')}\n`;
}

const commandLinks = ({ commands }: Topic): string =>
  Object.keys(commands)
    .map((path) => `[${path}](#rollcall-${path.replaceAll(' ', '-')})`)
    .join(', ');

function commandAt(program: Command, path: string): Command {
  const command = path
    .split(' ')
    .reduce<Command | undefined>((at, name) => at?.commands.find((one) => one.name() === name), program);
  if (command === undefined) throw new Error(`There is no command ${path}.`);
  return command;
}

function chapterOf(command: Command, examples: readonly Example[]): readonly string[] {
  const path = pathOf(command);
  const usage = `rollcall ${path} ${command.usage()}`.trim();
  return [
    `### rollcall ${path}`,
    sentence(command.description()),
    `\`\`\`text\n${usage}\n\`\`\``,
    ...(command.options.length === 0 ? [] : [optionTable(command.options)]),
    ...(examples.length === 0 ? [] : [exampleBlock(examples)]),
  ];
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? '' : '.'}`;

const optionTable = (options: readonly Option[]): string =>
  table(
    ['option', 'default', 'does'],
    options.map((option) => [
      `\`${option.flags}\``,
      option.mandatory
        ? '**must be given**'
        : option.defaultValue === undefined
          ? ''
          : `\`${option.defaultValue}\``,
      `${option.description}${option.argChoices === undefined ? '' : `: ${option.argChoices.map((one) => `\`${one}\``).join(', ')}`}`,
    ]),
  );

const exampleBlock = (examples: readonly Example[]): string =>
  ['```sh', ...examples.flatMap(({ typed, does }) => [`# ${does}`, `rollcall ${typed}`]), '```'].join('\n');
