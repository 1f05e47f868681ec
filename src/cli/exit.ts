/** The one place that turns what happened into an exit status and a sentence. */
import { ConfigError } from '../../config/index.ts';
import { SourceError } from '../../connectors/index.ts';
import { PlanError } from '../plan/index.ts';
import { ProfileApiError } from '../profile-api/index.ts';
import { QueueError } from '../queue/index.ts';
import { isLostConnection, StoreError } from '../store/index.ts';
import { Failure } from './failure.ts';

export const exitCodes = {
  done: 0,
  failed: 1,
  /** Bad usage or configuration. */
  usage: 2,
  /** Something waits for approval. */
  held: 3,
  /** Done, with failed operations. */
  withFailures: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Of several runs the most serious result counts: failed, then held, then failures, then done. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  const order = [exitCodes.usage, exitCodes.failed, exitCodes.held, exitCodes.withFailures] as const;
  return order.find((code) => codes.includes(code)) ?? exitCodes.done;
}

/** A command was given something that it can't work with. The message is for the person who gave it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Explanation {
  readonly sentence: string;
  readonly code: ExitCode;
}

export function explain(error: unknown): Explanation {
  if (error instanceof UsageError || error instanceof ConfigError)
    return { sentence: error.message, code: exitCodes.usage };
  if (error instanceof SourceError) {
    return { sentence: error.message, code: error.kind === 'filter' ? exitCodes.usage : exitCodes.failed };
  }
  const isForeseen = [Failure, ProfileApiError, PlanError, StoreError, QueueError].some(
    (kind) => error instanceof kind,
  );
  if (isForeseen && error instanceof Error) return { sentence: error.message, code: exitCodes.failed };
  if (error instanceof Error && error.name === 'AbortError')
    return { sentence: 'Stopped.', code: exitCodes.failed };
  if (isLostConnection(error)) {
    return {
      sentence:
        'The connection to the store or the queue was lost in the middle of the work: the server was restarted, or can not be reached. What was stored stands, and nothing is done twice: try again once it answers.',
      code: exitCodes.failed,
    };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    sentence: `Something went wrong that Rollcall did not foresee. Please report it.\n${message}`,
    code: exitCodes.failed,
  };
}
