/** Whether something can be typed: by the real program, which is built anew for each and runs nothing. */
import { type Command, CommanderError } from 'commander';
import { programToRead } from './commands/program.ts';

const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];

/** In a sentence a command may be named without all that it wants. */
const leftOut = new Set([
  'commander.missingMandatoryOptionValue',
  'commander.missingArgument',
  'commander.optionMissingArgument',
  'commander.help',
]);

/** @returns what the program says against it; undefined where it would run */
export async function problemOfTyped(
  args: readonly string[],
  { isWhole = true }: { readonly isWhole?: boolean } = {},
): Promise<string | undefined> {
  const { program, told } = programToRead();
  for (const command of all(program)) if (command.commands.length === 0) command.action(() => undefined);
  try {
    await program.parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || (!isWhole && leftOut.has(error.code))) return undefined;
    return told();
  }
}
