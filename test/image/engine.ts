/** Docker or Podman, as the tests of the image use them. */
import { type ExecFileException, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';

export interface Ended {
  readonly code: number;
  readonly output: string;
}

export interface Container {
  readonly name: string;
  exec(...command: readonly string[]): Promise<Ended>;
  logs(): Promise<string>;
  /** Sends SIGTERM and waits; its exit status, and how long it took. */
  stop(): Promise<{ readonly code: number; readonly ms: number }>;
  remove(): Promise<void>;
}

const repository = resolve(import.meta.dirname, '../..');
const engine = process.env.ROLLCALL_CONTAINER_ENGINE ?? 'docker';

/** No more than a careful installation grants: nothing to write but /tmp, no capability, no way to gain one. */
const confined = [
  ...['--network', 'host', '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'all'],
  ...['--security-opt', 'no-new-privileges'],
];

const call = (...args: readonly string[]): Promise<Ended> =>
  new Promise((done, fail) => {
    const finished = (error: ExecFileException | null, stdout: string, stderr: string): void => {
      if (error !== null && typeof error.code !== 'number') fail(error);
      else done({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}`.trim() });
    };
    execFile(engine, args, { cwd: repository, maxBuffer: 64 * 1024 * 1024 }, finished);
  });

async function demand(...args: readonly string[]): Promise<string> {
  const { code, output } = await call(...args);
  if (code !== 0) throw new Error(`${engine} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

/** The image of this checkout: the one that `ROLLCALL_IMAGE` names, or else built now. */
export async function imageToTry(): Promise<string> {
  const given = process.env.ROLLCALL_IMAGE;
  if (given !== undefined) return given;
  await demand('build', '--tag', 'rollcall:try', '.');
  return 'rollcall:try';
}

export const inspect = (image: string, template: string): Promise<string> =>
  demand('image', 'inspect', '--format', template, image);

/** Runs the image to its end. */
export const runToEnd = (image: string, options: readonly string[], ...command: readonly string[]) =>
  call('run', '--rm', ...confined, ...options, image, ...command);

export async function startContainer(
  image: string,
  options: readonly string[],
  ...command: readonly string[]
): Promise<Container> {
  const name = `rollcall-try-${randomBytes(4).toString('hex')}`;
  await demand('run', '--detach', '--name', name, ...confined, ...options, image, ...command);
  return {
    name,
    exec: (...inside) => call('exec', name, ...inside),
    logs: async () => (await call('logs', name)).output,
    stop: async () => {
      const begun = performance.now();
      await demand('stop', '-t', '30', name);
      const ms = performance.now() - begun;
      return { code: Number(await demand('inspect', '--format', '{{.State.ExitCode}}', name)), ms };
    },
    remove: async () => {
      await call('rm', '--force', name);
    },
  };
}
