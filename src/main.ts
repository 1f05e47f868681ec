#!/usr/bin/env node
/** Where Rollcall begins. */
import { runCommand } from './cli/run-command.ts';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopping.abort(new DOMException('Stopped.', 'AbortError')));
}

const { stdout, stderr, env } = process;
process.exitCode = await runCommand(process.argv.slice(2), {
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  signal: stopping.signal,
});
