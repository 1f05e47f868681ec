/** Keeps operations that need a seat from asking for one after the org has said that there is none left. */

import { ProfileApiError } from '../profile-api/index.ts';
import type { Operation } from '../store/operations/operations.ts';
import { isToAccount } from './follow-up.ts';

/** Thrown in place of a request that the org would refuse as it has just refused others. Nothing was sent. */
export class NotTriedError extends Error {
  override readonly name = 'NotTriedError';
}

/** The seats of the org, as one worker has met them. */
export interface Seats {
  /**
   * Makes a request of an operation, unless it needs a seat and the org had none left since a worker asked for it.
   *
   * @param askedAt - by `performance.now()`: whoever is asked for later may ask again
   * @throws {NotTriedError}
   */
  ask<Answer>(operation: Operation, askedAt: number, request: () => Promise<Answer>): Promise<Answer>;
}

/** Of an org that has a seat for everybody, as far as is known. */
export function openSeats(): Seats {
  let full: { readonly at: number; readonly sentence: string } | undefined;
  return {
    async ask(operation, askedAt, request) {
      if (full !== undefined && full.at >= askedAt && needsSeat(operation))
        throw new NotTriedError(notTried(full.sentence));
      try {
        return await request();
      } catch (error) {
        if (error instanceof ProfileApiError && error.answer.kind === 'licence-full')
          full = { at: performance.now(), sentence: error.message };
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
