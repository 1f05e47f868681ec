import type { Output } from './render/index.ts';

/** What a command has around it: the process, or in a test what stands for one. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** What relative paths on the command line are relative to. */
  readonly cwd: string;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}
