/** `rollcall sandbox`: the sandbox org by itself, until it is stopped. */
import { runSandboxAlone } from '../../sandbox/index.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Session } from '../session.ts';

export interface SandboxCommandOptions {
  readonly port: number;
  readonly apiKey: string;
}

export async function sandbox(
  { terminal, signal }: Session,
  options: SandboxCommandOptions,
): Promise<ExitCode> {
  await runSandboxAlone(options, signal, ({ url, apiKey }) => {
    terminal.line(
      `The sandbox org answers at ${url} to the key ${apiKey}. The same address in a browser shows its users.`,
    );
  });
  return exitCodes.done;
}
