#!/usr/bin/env node
/** Where Rollcall begins. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const { argv, cwd, env, stderr, stdout } = process;

// What one start has compiled, the next needn't: a third of what it takes. In a folder of the user's own, since whoever can
// write there decides what runs here; where there is none, or none to write to, it goes on without.
const cacheFolder = env.XDG_CACHE_HOME ?? (env.HOME && join(env.HOME, '.cache'));
if (cacheFolder) enableCompileCache(join(cacheFolder, 'rollcall'));
const { runCommand } = await import('./cli/run-command.ts');

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopping.abort(new DOMException('Stopped.', 'AbortError')));
}

const surroundings = { stdout, stderr, env, cwd: cwd(), signal: stopping.signal };
process.exitCode = await runCommand(argv.slice(2), surroundings);
