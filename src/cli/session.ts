/** What every command has at hand: the terminal, the configuration, and an engine that is closed again. */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import pino, { type Logger } from 'pino';
import { type LoadedConfig, loadConfig } from '../../config/index.ts';
import { type Engine, openEngine } from '../engine/index.ts';
import { startTracing, type Tracing } from '../tracing/index.ts';
import { serviceAddress, serviceNamed } from './elsewhere/address.ts';
import { clientOf } from './elsewhere/client.ts';
import { rollcallElsewhere } from './elsewhere/elsewhere.ts';
import type { Means } from './means.ts';
import type { Output, Terminal } from './render/index.ts';
import { rollcallHere } from './rollcall/here.ts';
import type { Rollcall } from './rollcall/rollcall.ts';
import type { Surroundings } from './surroundings.ts';

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly logLevel?: string;
  /** The address of a service. */
  readonly server?: string;
}

export interface Session extends Means {
  readonly isJson: boolean;
  /** Whether a service is asked, so that no file of Rollcall's is at hand. */
  readonly isElsewhere: boolean;
  /** For what is no line of a terminal: exports and logs. */
  readonly stdout: Output;
  /** A path that was given on the command line, as an absolute one. */
  pathOf(given: string): string;
  /** @param file - another configuration than the one that the session is about */
  load(file?: string): Promise<LoadedConfig>;
  /** Traces what is done until it is stopped, where the environment asks for it. */
  startTracing(): Promise<Tracing>;
  /** Asks Rollcall: the service that was named, or else the store, which is opened for it and closed again. */
  withRollcall<Result>(work: (rollcall: Rollcall) => Promise<Result>): Promise<Result>;
  /** Opens everything, does the work, and closes everything, whatever happens. */
  withEngine<Result>(work: (engine: Engine) => Promise<Result>): Promise<Result>;
}

export function createSession(
  terminal: Terminal,
  options: GlobalOptions,
  { stdout, stderr, env, cwd, signal }: Surroundings,
): Session {
  const named = serviceNamed(options, env);
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
  const means = { terminal, signal, actor: `cli:${userName()}` };
  const withEngine: Session['withEngine'] = async (work) => {
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
  };
  return {
    ...means,
    isJson: options.json ?? false,
    isElsewhere: named !== undefined,
    stdout,
    pathOf: (given) => resolve(cwd, given),
    load,
    startTracing: () => startTracing(env),
    async withRollcall(work) {
      if (named === undefined) return await withEngine((engine) => work(rollcallHere(means, engine)));
      const client = clientOf(await serviceAddress(named, env, cwd), signal);
      return await work(rollcallElsewhere(means, client));
    },
    withEngine,
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
