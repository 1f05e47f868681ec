/** What may stand at the end of a command line that is being typed, by the program's own commands and options. */
import type { Argument, Command, Option } from 'commander';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

export type Completion =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  /** The shell knows files better. */
  | { readonly kind: 'files' };

/**
 * @param typed - what follows the program's name; the last one is being typed, and may be empty
 * @param sources - looks up the ids of the sources in the configuration that the line names, if it names one
 */
export async function complete(
  program: Command,
  typed: readonly string[],
  sources: (configFile: string | undefined) => Promise<readonly string[]>,
): Promise<Completion> {
  const line = withoutEqualSigns(typed);
  const last = line.at(-1) ?? '';
  const before = readLine(program, line.slice(0, -1));
  const valuesOf = async (wanted: Option | Argument, start: string, prefix = ''): Promise<Completion> => {
    if (isFile(wanted)) return { kind: 'files' };
    const name = 'long' in wanted ? wanted.attributeName() : wanted.name();
    const values = name === 'source' ? await sources(before.configFile) : (wanted.argChoices ?? []);
    return words(
      values.map((value) => ({ value: `${prefix}${value}`, description: '' })),
      start,
    );
  };

  if (before.pending !== undefined) return await valuesOf(before.pending, last);
  const [name = '', ...value] = last.split('=');
  const option = value.length === 0 ? undefined : optionCalled(before.command, name);
  if (option !== undefined) return await valuesOf(option, last, `${name}=`);
  if (last.startsWith('-')) return words(optionsOf(before.command), last);
  const { command, given } = before;
  if (command.commands.length > 0 && given === 0) return words(commandsOf(command), last);
  const wanted =
    command.registeredArguments[given] ?? command.registeredArguments.find((one) => one.variadic);
  return wanted === undefined ? words([], last) : await valuesOf(wanted, last);
}

const words = (all: readonly Candidate[], start: string): Completion => ({
  kind: 'words',
  words: all.filter(({ value }) => value.startsWith(start)),
});

/** bash hands `--source=corp` over as three words. */
function withoutEqualSigns(typed: readonly string[]): readonly string[] {
  const rest = typed.filter((word) => word !== '=');
  return typed.at(-1) === '=' ? [...rest, ''] : rest;
}

interface Before {
  readonly command: Command;
  /** An option whose value comes next. */
  readonly pending: Option | undefined;
  /** How many arguments the command has already. */
  readonly given: number;
  readonly configFile: string | undefined;
}

function readLine(program: Command, line: readonly string[]): Before {
  let command = program;
  let pending: Option | undefined;
  let given = 0;
  let configFile: string | undefined;
  for (const word of line) {
    if (pending !== undefined) {
      if (pending.long === '--config') configFile = word;
      pending = undefined;
    } else if (word.startsWith('-')) {
      const [name = '', value] = word.split('=', 2);
      const option = optionCalled(command, name);
      if (value === undefined && option?.required) pending = option;
      if (value !== undefined && option?.long === '--config') configFile = value;
    } else {
      const inner = given === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (inner === undefined) given += 1;
      else command = inner;
    }
  }
  return { command, pending, given, configFile };
}

/** Those of the command, and those of all commands. */
function allOptions(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent === null ? [] : allOptions(command.parent))].filter(
    ({ hidden }) => !hidden,
  );
}

const optionCalled = (command: Command, name: string): Option | undefined =>
  allOptions(command).find(({ long, short }) => name === long || name === short);

const optionsOf = (command: Command): readonly Candidate[] => [
  ...allOptions(command).flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ value: long, description }],
  ),
  { value: '--help', description: 'display help for command' },
];

const commandsOf = (command: Command): readonly Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ value: one.name(), description: one.description() }));

/** By its name in help: `<file>`, `<file.ldif>`, `<files...>`. */
const isFile = (wanted: Option | Argument): boolean =>
  /^files?\b/.test('flags' in wanted ? wanted.flags.replace(/^[^<]*</, '') : wanted.name());
