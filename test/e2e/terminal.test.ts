/** What a person at a terminal sees, and what a pipe gets. */
import { execFile, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { setScene } from './mistakes.ts';
import { until } from './stage.ts';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const escapeCode = '\u001b';
const colour = new RegExp(`${escapeCode}\\[\\d+m`);
const progressLine = new RegExp(`\\r${escapeCode}\\[KRun \\w+ .*[█░].* \\d+/\\d+ operations`);

/** Under a pseudo-terminal, which util-linux's `script` makes; what was written to it. */
async function onTerminal(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await run('script', ['-qec', command, '/dev/null'], { cwd, env });
  return stdout;
}

test('colours and a progress bar on a terminal, and no colours with NO_COLOR', async () => {
  await using scene = await setScene();
  const { stage } = scene;
  const main = `"${process.execPath}" "${resolve(root, 'src/main.ts')}" --config "${stage.configFile}"`;
  const env = { PATH: process.env.PATH, HOME: stage.folder, TERM: 'xterm', SHELL: '/bin/sh' };

  expect(await onTerminal(`${main} plan`, stage.folder, env)).toMatch(colour);
  const plain = await onTerminal(`${main} plan`, stage.folder, { ...env, NO_COLOR: '1' });
  expect(plain).toContain('u0@example.com');
  expect(plain).not.toMatch(colour);
  expect(await onTerminal(`${main} plan --json`, stage.folder, env)).not.toContain(escapeCode);
  expect(await onTerminal(`${main} resync --wait`, stage.folder, env)).toMatch(progressLine);
});

test('a pager that is closed before the end of the help is no failure', async () => {
  const { stderr } = await run('sh', [
    '-c',
    `"${process.execPath}" "${resolve(root, 'src/main.ts')}" resync --help | true`,
  ]);

  expect(stderr).toBe('');
});

test('status --watch draws itself anew until Ctrl-C, which is no failure, and leaves what was seen last', async () => {
  await using scene = await setScene();
  const { stage } = scene;
  const command = `exec "${process.execPath}" "${resolve(root, 'src/main.ts')}" --config "${stage.configFile}" status --watch`;
  const env = { PATH: process.env.PATH, HOME: stage.folder, TERM: 'xterm', SHELL: '/bin/sh' };
  const shell = spawn('script', ['-qec', command, '/dev/null'], { cwd: stage.folder, env });
  const ended = new Promise<number | null>((done) => shell.once('exit', done));
  let shown = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const home = `${escapeCode}[H`;

  await until(
    () => shown.split(home).length,
    (pieces) => pieces > 2,
  );
  const { stdout } = await stage.rollcallProcess('plan', '--json');
  const { id } = z.object({ run: z.object({ id: z.string() }) }).parse(JSON.parse(stdout)).run;
  await until(
    () => shown.split(home).at(-1) ?? '',
    (screen) => screen.includes(`rollcall approve ${id}`),
  );
  shell.stdin.write('\u0003');

  expect(await ended).toBe(0);
  const [, left = ''] = shown.split(`${escapeCode}[?1049l`);
  expect(left).toContain(`rollcall approve ${id}`);
  expect(left).not.toContain(home);
});

test('the command works in a checkout', async () => {
  const { stdout } = await run('npx', ['rollcall', '--version'], { cwd: root });

  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
