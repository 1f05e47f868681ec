import type { Brand } from '../../identity/brand.ts';

/** The id of a run and of its plan, such as `k3v9m2wt`: short, for people to type. */
export type RunId = Brand<string, 'RunId'>;

/** `<run>.<number>`, such as `k3v9m2wt.17`. It is all that the queue ever holds of an operation. */
export type OperationId = Brand<string, 'OperationId'>;

/** What is done to one person. `adopt` ties an existing profile to an identity, and edits it where it differs; `purge` deletes it. */
export type OperationKind = 'create' | 'invite' | 'adopt' | 'edit' | 'deactivate' | 'reactivate' | 'purge';

/**
 * - `planned`: part of a dry run that nobody has approved
 * - `held`: a guard waits for a person's word
 * - `queued`: released; a worker may take it when `notBefore` has come
 * - `running`: a worker has it, and its intent is stored: a request may have gone out
 * - `done`, `failed` (attempts used up, or the record is bad), `superseded` (the profile is no longer as planned),
 *   `rejected`, `expired`, `discarded`: ended
 */
export type OperationState =
  | 'planned'
  | 'held'
  | 'queued'
  | 'running'
  | 'done'
  | 'failed'
  | 'superseded'
  | 'rejected'
  | 'expired'
  | 'discarded';
