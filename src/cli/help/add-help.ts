/** Gives the commands of the program their groups and examples, and help its looks. */
import type { Command, HelpConfiguration, OutputConfiguration } from 'commander';
import { createColours, type Output, wantsColours, widthOf, wrap } from '../render/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Example, type Topic, topics } from './topics.ts';

/** What was typed to reach a command, without the program's own name: `audit list`. */
export function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null ? '' : `${pathOf(parent)} ${command.name()}`.trim();
}

/** The order of the topics, whatever the order in which the program names its commands. */
export function helpLooks(): HelpConfiguration {
  const { bold } = createColours(true);
  return {
    showGlobalOptions: true,
    styleTitle: bold,
    formatItem: itemInLines,
    groupItems(_all, visible, groupOf) {
      const groups = new Map<string, (typeof visible)[number][]>();
      for (const item of visible) groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), item]);
      return new Map([...groups].sort(([one], [other]) => placeOf(one) - placeOf(other)));
    },
  };
}

const roomForDescription = 30;

/** As commander lays items out, but with the description below where there is little room beside it. */
const itemInLines: NonNullable<HelpConfiguration['formatItem']> = (term, termWidth, description, helper) => {
  const { helpWidth = 80 } = helper;
  const indent = 2;
  const start = indent + termWidth + 2;
  if (description === '') return `${' '.repeat(indent)}${term}`;
  if (helpWidth - start < roomForDescription)
    return [`${' '.repeat(indent)}${term}`, ...wrap(description, helpWidth, 6)].join('\n');
  const [first = '', ...more] = wrap(description, helpWidth - start);
  const padding = ' '.repeat(termWidth + 2 - helper.displayWidth(term));
  return [
    `${' '.repeat(indent)}${term}${padding}${first}`,
    ...more.map((line) => `${' '.repeat(start)}${line}`),
  ].join('\n');
};

/** A heading that is no topic's comes last. */
function placeOf(heading: string): number {
  const place = topics.findIndex((topic) => topic.heading === heading);
  return place === -1 ? topics.length : place;
}

const columnsInPipe = 80;

/** Where help goes, how wide, and whether in colours. */
export function helpOutput({ stdout, stderr, env }: Surroundings): OutputConfiguration {
  const columnsOf = (stream: Output) => ((stream.isTTY ?? false) ? widthOf(stream) : columnsInPipe);
  return {
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    getOutHelpWidth: () => columnsOf(stdout),
    getErrHelpWidth: () => columnsOf(stderr),
    getOutHasColors: () => wantsColours(stdout.isTTY ?? false, env),
    getErrHasColors: () => wantsColours(stderr.isTTY ?? false, env),
  };
}

/** Once all commands are there. */
export function addHelp(program: Command): void {
  for (const topic of topics) for (const command of program.commands) addTopic(command, topic);
}

function addTopic(command: Command, topic: Topic): void {
  const examples = topic.commands[pathOf(command)];
  if (examples !== undefined) {
    if (command.parent?.parent === null) command.helpGroup(topic.heading);
    command.addHelpText('after', ({ error }) => (error ? '' : exampleText(examples)));
  }
  for (const inner of command.commands) addTopic(inner, topic);
}

/** What it does stands above what is typed: so a line can be copied as a whole, however narrow the terminal. */
function exampleText(examples: readonly Example[]): string {
  if (examples.length === 0) return '';
  const lines = examples.flatMap(({ typed, does }) => [`  # ${does}`, `  rollcall ${typed}`]);
  return ['', 'Examples:', ...lines].join('\n');
}
