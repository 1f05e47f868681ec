/** The program, to be looked at: it runs nothing. */
import type { Command } from 'commander';
import { buildProgram } from '../../../src/cli/program.ts';
import { type Collected, collect } from '../../cli/output.ts';

export function programToRead(): { readonly program: Command; readonly told: Collected['told'] } {
  const { stdout, stderr, told } = collect();
  const signal = new AbortController().signal;
  return { program: buildProgram({ stdout, stderr, env: {}, cwd: '/', signal }, () => undefined), told };
}
