import type { Terminal } from './render/index.ts';

/** What the work of a command needs besides what it is about. */
export interface Means {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Who is at work, for the audit log. */
  readonly actor: string;
}
