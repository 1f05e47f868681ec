/** What every command has at hand: the terminal, the configuration, and an engine that is closed again. */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import pino, { type Logger } from 'pino';
import { type LoadedConfig, loadConfig } from '../../config/index.ts';
import { sourcesNamed } from '../acts/index.ts';
import { type ConfiguredSource, type Engine, openEngine } from '../engine/index.ts';
import { startTracing, type Tracing } from '../tracing/index.ts';
import type { Output, Terminal } from './render/index.ts';
import type { Surroundings } from './surroundings.ts';
import { unlessRefused } from './unless-refused.ts';

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly logLevel?: string;
}

export interface Session {
  readonly terminal: Terminal;
  readonly isJson: boolean;
  /** For what is no line of a terminal: exports and logs. */
  readonly stdout: Output;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Who is at work, for the audit log. */
  readonly actor: string;
  /** A path that was given on the command line, as an absolute one. */
  pathOf(given: string): string;
  /** @param file - another configuration than the one that the session is about */
  load(file?: string): Promise<LoadedConfig>;
  /** Traces what is done until it is stopped, where the environment asks for it. */
  startTracing(): Promise<Tracing>;
  /** Opens everything, does the work, and closes everything, whatever happens. */
  withEngine<Result>(work: (engine: Engine) => Promise<Result>): Promise<Result>;
}

export function createSession(
  terminal: Terminal,
  options: GlobalOptions,
  { stdout, stderr, env, cwd, signal }: Surroundings,
): Session {
  const warned = new Set<string>();
  const load = async (file = options.config): Promise<LoadedConfig> => {
    const loaded = await loadConfig({ file, env, cwd });
    for (const warning of loaded.warnings) {
      // A command may open everything again and again.
      if (!warned.has(warning)) terminal.note(`Warning: ${warning}`);
      warned.add(warning);
    }
    return loaded;
  };
  return {
    terminal,
    isJson: options.json ?? false,
    stdout,
    signal,
    actor: `cli:${userName()}`,
    pathOf: (given) => resolve(cwd, given),
    load,
    startTracing: () => startTracing(env),
    async withEngine(work) {
      const loaded = await load();
      const tracing = await startTracing(env);
      try {
        const engine = await openEngine(loaded, commandLog(stderr, options.logLevel));
        try {
          return await work(engine);
        } finally {
          await engine.close();
        }
      } finally {
        await tracing.stop();
      }
    },
  };
}

/** People get words on the terminal; the log of a single command is for those who ask for it. */
const commandLog = (stderr: Output, level = 'silent'): Logger => pino({ level, base: null }, stderr);

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id without a name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/**
 * The sources that a command is about: the one that was named, or all.
 *
 * @throws {UsageError} where there is none of that name
 */
export const chosenSources = (engine: Engine, name: string | undefined): readonly ConfiguredSource[] =>
  unlessRefused(sourcesNamed(engine, name)).sources;
