/** The completion in the shells themselves. */
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completionScripts } from '../../../src/cli/completion/scripts.ts';
import { requireProgram } from '../../servers/programs.ts';

const run = promisify(execFile);
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-shells-'));
  const program = join(folder, 'rollcall');
  const main = resolve(import.meta.dirname, '../../../src/main.ts');
  await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  await chmod(program, 0o755);
  await writeFile(join(folder, 'rollcall.yaml'), 'sources: [{ id: corp }, { id: cloud }]\n');
  for (const [shell, script] of Object.entries(completionScripts))
    await writeFile(join(folder, shell), script);
  env = {
    PATH: `${folder}:${process.env.PATH}`,
    HOME: folder,
    TERM: 'xterm',
    ROLLCALL_CONFIG: join(folder, 'rollcall.yaml'),
    NODE_COMPILE_CACHE: join(tmpdir(), 'rollcall-compile-cache'),
  };
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('the program prints the scripts', async () => {
  for (const [shell, script] of Object.entries(completionScripts)) {
    const { stdout } = await run('rollcall', ['completion', shell], { env, cwd: folder });
    expect(stdout).toBe(script);
  }
});

async function inBash(...words: readonly string[]): Promise<readonly string[]> {
  const line = words.map((word) => `'${word}'`).join(' ');
  const script = `source ./bash; COMP_WORDS=(rollcall ${line}); COMP_CWORD=${words.length}; _rollcall; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', script], { env, cwd: folder });
  return stdout.split('\n').filter((one) => one !== '');
}

test('bash', async () => {
  expect(await inBash('resy')).toEqual(['resync']);
  expect(await inBash('plan', '--source', 'c')).toEqual(['corp', 'cloud']);
  expect(await inBash('plan', '--source', '=', 'co')).toEqual(['corp']);
  expect(await inBash('restore', 'ro')).toEqual([]);
  expect(await inBash('plan', '$(touch evaluated)', '')).toEqual([]);
  await expect(run('ls', ['evaluated'], { cwd: folder })).rejects.toThrow();
});

test('fish', async () => {
  const offered = async (line: string) => {
    const command = `source ./fish; complete -C '${line}'`;
    const { stdout } = await run(requireProgram('fish'), ['--no-config', '-c', command], {
      env,
      cwd: folder,
    });
    return stdout.trim().split('\n');
  };

  expect(await offered('rollcall resy')).toEqual(['resync\ta run by hand']);
  expect(await offered('rollcall plan --source ')).toEqual(['cloud', 'corp']);
  expect(await offered('rollcall plan --mode=d')).toEqual(['--mode=delta']);
  expect(await offered('rollcall restore ro')).toContain('rollcall.yaml');
});

/** Without what moves the cursor or is bold. */
const plainOf = (shown: string): string => stripVTControlCharacters(shown).replaceAll('\b', '');

test('zsh, at a terminal, by the Tab key itself', async () => {
  requireProgram('zsh');
  const shell = spawn('script', ['-qec', 'zsh -f -i', '/dev/null'], { env, cwd: folder });
  let shown = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const shows = async (text: string) => {
    for (let waited = 0; !plainOf(shown).includes(text); waited += 50) {
      if (waited > 60_000) throw new Error(`zsh does not show ${text}, but ${JSON.stringify(shown)}`);
      await pause(50);
    }
  };

  try {
    shell.stdin.write(
      'autoload -U compinit && compinit -u -D && source ./zsh && PS1="ready " && echo so""urced\n',
    );
    await shows('sourced');
    for (const [keys, becomes] of [
      ['rollcall resy\t', 'rollcall resync'],
      ['--source co\t', '--source corp'],
      ['--wa\t', '--wait'],
    ] as const) {
      shell.stdin.write(keys);
      await shows(becomes);
    }
    // To the beginning of the line, and to its end.
    shell.stdin.write('\u0001echo "[\u0005]"\n');
    await shows('[rollcall resync --source corp --wait]');
  } finally {
    shell.stdin.end('exit\n');
    shell.kill('SIGKILL');
  }
});
