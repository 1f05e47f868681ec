/** `rollcall completion SHELL`, and what the shell then calls at every Tab. */
import { Argument, type Command } from 'commander';
import { sourceIdsOf } from '../../../config/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Completion, complete } from './candidates.ts';
import { completionScripts, filesSign, type Shell, shells } from './scripts.ts';

/** Neither needs a configuration, and the second is silent whatever is wrong. */
export function addCompletion(program: Command, { stdout, env, cwd }: Surroundings): void {
  program
    .command('completion')
    .description('commands, options and sources at the Tab key: prints what the shell needs for it')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .action((shell: Shell) => {
      stdout.write(completionScripts[shell]);
    });
  program
    .command('complete [typed...]', { hidden: true })
    .description('what may stand at the end of a command line')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (typed: readonly string[]) => {
      const sources = (file: string | undefined) => sourceIdsOf({ file, env, cwd });
      stdout.write(linesOf(await complete(program, typed, sources)));
    });
}

function linesOf(completion: Completion): string {
  if (completion.kind === 'files') return `${filesSign}\n`;
  return completion.words.map(({ value, description }) => `${value}\t${description}\n`).join('');
}
