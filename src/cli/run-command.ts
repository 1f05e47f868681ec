/** One command, from what was typed to its exit status. */
import { CommanderError } from 'commander';
import { type ExitCode, exitCodes, explain } from './exit.ts';
import { buildProgram } from './program.ts';
import { endQuietlyWith, fitted, widthOf } from './render/index.ts';
import type { Surroundings } from './surroundings.ts';

/** @param typed - without the names of Node and of the program */
export async function runCommand(typed: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr } = surroundings;
  for (const stream of new Set([stdout, stderr])) endQuietlyWith(stream);
  let code: ExitCode = exitCodes.done;
  try {
    await buildProgram(surroundings, (ended) => {
      code = ended;
    }).parseAsync(typed, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong; --help and --version come this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    const { sentence, code: status } = explain(error);
    stderr.write(`${fitted(sentence, widthOf(stderr))}\n`);
    return status;
  }
}
