/** Rollcall at work as a service, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const fromSource = join(import.meta.dirname, '../src/main.ts');

/**
 * Starts it, and waits until it says that it is at work; it needs `log.level: info` for that.
 *
 * @param closing - ends it
 * @param home - where it keeps what it compiles
 * @param main - the program, of another build
 * @returns its process id
 */
export async function startWork(
  closing: AsyncDisposableStack,
  configFile: string,
  home: string,
  role: 'all' | 'worker',
  main = fromSource,
): Promise<number> {
  const child = spawn(process.execPath, [main, '--config', configFile, 'start', '--role', role], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  closing.defer(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes('"event":"service.started"')) continue;
    // What it goes on to say is read and thrown away.
    child.stdout.resume();
    return child.pid ?? Number.NaN;
  }
  throw new Error('The service ended before it was at work.');
}
