/** A whole installation for a test: a sandbox org, a configuration, and Rollcall as real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { runCommand } from '../../src/cli/run-command.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { makeEmptyStore } from '../servers/embedded.ts';
import { createDatabase } from '../servers/postgres.ts';
import { sharedRedis } from '../servers/redis.ts';

/** Where store and queue are: the three combinations of DESIGN.md. */
export const combinations = ['embedded', 'PostgreSQL', 'PostgreSQL and Redis'] as const;
export type Combination = (typeof combinations)[number];

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RollcallProcess {
  /** Waits until the log tells of this event. */
  untilEvent(event: string): Promise<void>;
  readonly log: readonly string[];
  /** Its exit status; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Sends a signal that does not end it. */
  send(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

export interface Stage {
  readonly combination: Combination;
  readonly folder: string;
  readonly configFile: string;
  readonly sandbox: Sandbox;
  /** Runs a command to its end, in the test's own process: it takes a fifth of the time that a new one does. */
  rollcall(...args: readonly string[]): Promise<CliResult>;
  /** As `rollcall`, in a process of its own, as users start it. */
  rollcallProcess(...args: readonly string[]): Promise<CliResult>;
  /** The process itself, for what is killed in the middle. */
  spawnRollcall(...args: readonly string[]): ChildProcess;
  /** The end of a command that `spawnRollcall` started. */
  resultOf(child: ChildProcess): Promise<CliResult>;
  /** Starts `rollcall start --role ...`; it is killed with the stage. */
  startService(role?: 'all' | 'scheduler' | 'worker'): RollcallProcess;
  writeConfig(text: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface StageOptions {
  readonly combination?: Combination;
  /** Where store and queue are, as YAML, in place of those that `combination` gives. */
  readonly places?: string;
  readonly sandbox?: SandboxOptions;
  /** Keys of `profileApi` besides address and key, as YAML, in place of a fast API. */
  readonly profileApi?: string;
  /** The `sources` of the configuration, as YAML. */
  readonly sources: string;
  /** Further top-level keys, as YAML. */
  readonly more?: string;
  readonly env?: Readonly<Record<string, string>>;
}

// What one process compiled, the next needn't: a third of the time that it takes to start.
const NODE_COMPILE_CACHE = join(tmpdir(), 'rollcall-compile-cache');
const base = { PATH: process.env.PATH, NO_COLOR: '1', NODE_COMPILE_CACHE };

/** `ROLLCALL_MAIN` names another build of the program, such as `dist/src/main.js`. */
const main = resolve(process.env.ROLLCALL_MAIN ?? resolve(import.meta.dirname, '../../src/main.ts'));

export async function setStage(options: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-e2e-'));
  const configFile = join(folder, 'rollcall.yaml');
  const sandbox = await startSandbox(options.sandbox ?? {});
  const combination = options.combination ?? 'embedded';
  const places = options.places ?? (await placesOf(combination, folder));
  const writeConfig = (text: string) => writeFile(configFile, text);
  await writeConfig(`
profileApi: { url: ${sandbox.url}, apiKey: ${sandbox.apiKey}, ${options.profileApi ?? 'rateLimit: { max: 5000, per: 1s }, timeout: 5s'} }
sources:
${options.sources}
${places}
server: { port: 0 }
${options.more ?? ''}
`);

  const children = new Set<ChildProcess>();
  const spawnRollcall = (...args: readonly string[]): ChildProcess => {
    const env = { ...base, HOME: folder, ...options.env };
    const child = spawn(process.execPath, [main, '--config', configFile, ...args], { cwd: folder, env });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };

  return {
    combination,
    folder,
    configFile,
    sandbox,
    writeConfig,
    spawnRollcall,
    resultOf,
    rollcall: (...args) =>
      inThisProcess(['--config', configFile, ...args], folder, { ...base, HOME: folder, ...options.env }),
    rollcallProcess: (...args) => resultOf(spawnRollcall(...args)),
    startService: (role = 'all') => followed(spawnRollcall('start', '--role', role)),
    async [Symbol.asyncDispose]() {
      await Promise.all([...children].map((child) => killed(child)));
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The lines of a configuration in this folder that say where store and queue are: new, empty ones. */
export async function placesOf(combination: Combination, folder: string): Promise<string> {
  if (combination === 'embedded') {
    await makeEmptyStore(join(folder, 'store'));
    return 'database: { path: store }';
  }
  const database = `database: { url: "${await createDatabase()}" }`;
  if (combination === 'PostgreSQL') return database;
  const { url, prefix } = await sharedRedis();
  return `${database}\nredis: { url: "${url}", prefix: "${prefix}" }`;
}

export async function inThisProcess(
  typed: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<CliResult> {
  const [stdout, stderr] = [collected(), collected()];
  const { signal } = new AbortController();
  const code = await runCommand(typed, { stdout: stdout.stream, stderr: stderr.stream, env, cwd, signal });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collected(): { readonly stream: Writable; text(): string } {
  let text = '';
  const write = (chunk: unknown, _: BufferEncoding, next: () => void): void => {
    text += String(chunk);
    next();
  };
  return { stream: new Writable({ write, decodeStrings: false }), text: () => text };
}

function resultOf(child: ChildProcess): Promise<CliResult> {
  const out = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    out.stderr += text;
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done({ code, ...out }));
  });
}

function followed(child: ChildProcess): RollcallProcess {
  const log: string[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    log.push(...lines);
    for (const look of [...waiting]) look();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => log.push(text));
  return {
    log,
    ended: new Promise((done) => child.once('exit', done)),
    untilEvent: (event) =>
      new Promise((done, fail) => {
        const look = (): void => {
          if (!log.some((line) => line.includes(`"event":"${event}"`))) return;
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        child.once('exit', () => fail(new Error(`The service ended before ${event}:\n${log.join('\n')}`)));
        look();
      }),
    kill: async (signal = 'SIGKILL') => await killed(child, signal),
    send: (signal) => void child.kill(signal),
  };
}

async function killed(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await ended;
}

/** Waits until a condition holds, looking again and again; fails with what it last saw. */
export async function until<Value>(
  look: () => Promise<Value> | Value,
  holds: (value: Value) => boolean,
  withinMs = 45_000,
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`Waited ${withinMs} ms in vain; last seen: ${JSON.stringify(value)?.slice(0, 2_000)}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}
