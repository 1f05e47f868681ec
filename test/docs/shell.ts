/** What a block of shell would start, told by a real shell that can start nothing. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program and its arguments, as the shell takes the line apart. */
export type Started = readonly [program: string, ...args: readonly string[]];

/** Every program is one that is not found: that is noted, and counts as success. */
const nothingIsFound = `
command_not_found_handle() { printf '%s\\0' "$@" '' >>"$STARTED"; }
function .ci/run { command_not_found_handle .ci/run; }
PATH=/nonexistent
`;

/** Folders below the home that output is sent to: a shell opens the file before it looks for the program. */
const redirected = ['.zfunc', '.config/fish/completions'];

/**
 * Reads a block with bash, quotes, variables, pipes and all, and tells the programs that it starts, in order.
 *
 * @throws {Error} where bash finds a mistake in it
 */
export async function startedBy(text: string): Promise<readonly Started[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-docs-'));
  const noted = join(folder, 'started');
  try {
    for (const path of redirected) await mkdir(join(folder, path), { recursive: true });
    await bash(nothingIsFound + text, folder, { STARTED: noted, HOME: folder });
    return recordsOf(await readFile(noted, 'utf8').catch(() => ''));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((done, fail) => {
    const child = execFile('bash', { cwd, env }, (error, _stdout, stderr) => {
      if (error === null && stderr === '') done();
      else fail(new Error(`bash: ${stderr || error?.message}`));
    });
    child.stdin?.end(script);
  });
}

/** An empty argument and the end of a record look alike; no command of the documentation has one. */
const recordsOf = (text: string): readonly Started[] =>
  text
    .split('\0\0')
    .filter((record) => record !== '')
    .map((record) => {
      const [program = '', ...args] = record.split('\0').filter((word) => word !== '');
      return [program, ...args];
    });
