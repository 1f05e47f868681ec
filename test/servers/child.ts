/** Child processes of tests: started, waited for, and stopped by their process id. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

type Account = { readonly uid: number; readonly gid: number };

const idOf = (flag: '-u' | '-g', name: string): number =>
  Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim() || Number.NaN);

/** Who a server that refuses to run as root shall run as; undefined where the tests don't run as root. */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const account = ['postgres', 'nobody']
    .map((name) => ({ uid: idOf('-u', name), gid: idOf('-g', name) }))
    .find(({ uid, gid }) => Number.isInteger(uid) && Number.isInteger(gid));
  if (account === undefined)
    throw new Error('The tests run as root and found no account postgres or nobody.');
  return account;
}

export type Child = {
  readonly pid: number;
  /** What it printed so far, for error messages. */
  output(): string;
  hasEnded(): boolean;
  /** Sends the signal, if it still runs, and waits until it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
};

/** Starts a program that is killed with this process, if it is not ended before. */
export function startChild(program: string, args: readonly string[], account?: Account): Child {
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    ...account,
  });
  let printed = '';
  let ended = false;
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-8_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  const exit = new Promise<void>((resolve) => {
    const done = (): void => {
      ended = true;
      process.removeListener('exit', killWithUs);
      resolve();
    };
    child.once('exit', done);
    child.once('error', (error) => {
      printed += String(error);
      done();
    });
  });
  return {
    pid: child.pid ?? -1,
    output: () => printed,
    hasEnded: () => ended,
    end: async (signal) => {
      if (!ended) child.kill(signal);
      await exit;
    },
  };
}

/** Runs `probe` every 25 ms until it returns true; fails when the child ends before, or after `timeoutMs`. */
export async function untilReady(
  name: string,
  child: Child,
  probe: () => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await probe())) {
    if (child.hasEnded()) throw new Error(`${name} ended before it was ready:\n${child.output()}`);
    if (Date.now() > end) throw new Error(`${name} was not ready after ${timeoutMs} ms:\n${child.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
