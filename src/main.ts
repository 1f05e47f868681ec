#!/usr/bin/env node
/** Where Rollcall begins. */
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const { argv, cwd, env, stderr, stdout } = process;

// What one start has compiled, the next needn't: a third of what it takes. In a folder of the user's own, since whoever can
// write there decides what runs here; where there is none to write to, Node goes on without.
enableCompileCache(join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rollcall'));
const { runCommand } = await import('./cli/run-command.ts');

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopping.abort(new DOMException('Stopped.', 'AbortError')));
}

const surroundings = { stdout, stderr, env, cwd: cwd(), signal: stopping.signal };
process.exitCode = await runCommand(argv.slice(2), surroundings);
