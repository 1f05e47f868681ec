/** Keeps operations from asking what the org has just refused to all: a seat of a full licence, or anything by a key that is refused. */

import { ProfileApiError } from '../profile-api/index.ts';
import type { Operation } from '../store/operations/operations.ts';
import { isToAccount } from './follow-up.ts';

/** Thrown in place of a request that the org would refuse as it has just refused others. Nothing was sent. */
export class NotTriedError extends Error {
  override readonly name = 'NotTriedError';
}

/** What the org has refused to all, as one worker has met it. */
export interface Refusals {
  /**
   * Makes a request of an operation, unless the key was refused since the operation was asked for, or the request would take a
   * seat and the org had none left then or a moment before.
   *
   * @throws {NotTriedError} where there is no seat
   * @throws {ProfileApiError} where the key is refused, as it was to others
   */
  ask<Answer>(about: Asking, request: () => Promise<Answer>): Promise<Answer>;
}

/** What matters of a request. */
export interface Asking {
  /** When a worker asked for the operation, by `performance.now()`: whoever is asked for later may ask again. */
  readonly askedAt: number;
  /** Not so of one that only looks: what it is about may have its seat already. */
  readonly takesSeat: boolean;
}

/** In this time the store has left out whoever waits in the queue for a seat; until then some of them may still be asked for. */
const droppedWithinMs = 2_000;

/** Of an org that has refused nothing yet. */
export function openRefusals(): Refusals {
  let full: { readonly until: number; readonly sentence: string } | undefined;
  let refused: { readonly at: number; readonly error: ProfileApiError } | undefined;

  function note(error: ProfileApiError): void {
    const at = performance.now();
    if (error.answer.kind === 'licence-full') full = { until: at + droppedWithinMs, sentence: error.message };
    if (error.answer.kind === 'refused') refused = { at, error };
  }

  return {
    async ask({ askedAt, takesSeat }, request) {
      if (refused !== undefined && refused.at >= askedAt) throw refused.error;
      if (full !== undefined && full.until >= askedAt && takesSeat)
        throw new NotTriedError(notTried(full.sentence));
      try {
        return await request();
      } catch (error) {
        if (error instanceof ProfileApiError) note(error);
        throw error;
      }
    },
  };
}

/** Whether it takes a seat of the licence if it succeeds. */
export const needsSeat = (operation: Operation): boolean =>
  seated.has(operation.kind) && !(operation.kind === 'invite' && isToAccount(operation));

const seated: ReadonlySet<Operation['kind']> = new Set(['create', 'invite', 'reactivate']);

/** Of an operation that is left out, since the org has no seat. */
export const notTried = (message: string): string => `Not tried: ${message}`;
