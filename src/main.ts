#!/usr/bin/env node
/** Where Rollcall begins. */
import { CommanderError } from 'commander';
import { type ExitCode, exitCodes, explain } from './cli/exit.ts';
import { buildProgram } from './cli/program.ts';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopping.abort(new DOMException('Stopped.', 'AbortError')));
}

let code: ExitCode = exitCodes.done;
try {
  await buildProgram(stopping.signal, (ended) => {
    code = ended;
  }).parseAsync();
} catch (error) {
  code = failureOf(error);
}
process.exitCode = code;

function failureOf(error: unknown): ExitCode {
  // Commander has said what is wrong; --help and --version come this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const { sentence, code: status } = explain(error);
  process.stderr.write(`${sentence}\n`);
  return status;
}
