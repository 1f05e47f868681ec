/** What is laid before the checker once the dust has settled. Plain values: the checker knows neither store nor servers. */
import type { Effect, SandboxUser } from '../../../src/sandbox/index.ts';

export interface AuditedOperation {
  readonly seq: number;
  readonly operation: string;
  readonly outcome: 'done' | 'failed' | 'superseded';
  readonly kind: string;
  readonly anchor: string;
  readonly email: string | undefined;
  readonly attempts: number;
  readonly message: string | undefined;
}

export interface StoredOperation {
  readonly id: string;
  readonly run: string;
  readonly kind: string;
  readonly state: string;
  readonly anchor: string;
  /** Whether a guard held it, or does. What the same plan has besides was released at once. */
  readonly isHeld: boolean;
}

export interface StoredRun {
  readonly id: string;
  readonly state: string;
  /** Whether somebody asked for it for one person only. */
  readonly isForOne: boolean;
  /** Whether everything in it waits for a word. */
  readonly isDryRun: boolean;
}

/** A plan that a person was asked about, and where the record stood when they spoke. */
export interface SpokenPlan {
  readonly run: string;
  readonly word: 'approved' | 'rejected';
  /** How many effects there were before the command was given. */
  readonly effectsBefore: number;
}

export interface Evidence {
  /** The sandbox's record of what happened. */
  readonly effects: readonly Effect[];
  /** The org before anything began, and now. */
  readonly before: readonly SandboxUser[];
  readonly users: readonly SandboxUser[];
  readonly audited: readonly AuditedOperation[];
  readonly operations: readonly StoredOperation[];
  readonly runs: readonly StoredRun[];
  readonly spoken: readonly SpokenPlan[];
}
