/** Operations in a worker's hands: claimed under a lease, then ended or given back. */
import { type Kysely, sql } from 'kysely';
import { inMs } from '../runs/runs.ts';
import type { Database } from '../schema.ts';
import { areTakeable } from './dispatch.ts';
import { type ClosedTime, inHandsOf, isReleased } from './in-hands.ts';
import type { OperationId, OperationState } from './operation.ts';
import type { Operation } from './operations.ts';

/**
 * Takes an operation for a worker. One that was `running` comes back too once its lease has run out: its worker died,
 * and what it did is unknown.
 *
 * Of a creation it is stored at once that its request is about to go out: whoever has never been tried is looked for nowhere before.
 *
 * @param closed - when nothing is taken, around now
 * @returns with the intent of tries before this one alone; undefined where it is not to be had: ended, not due yet, in another worker's hands, paused, or it is such a time
 */
export async function claim(
  db: Kysely<Database>,
  id: OperationId,
  owner: string,
  leaseMs: number,
  closed: readonly ClosedTime[] = [],
): Promise<Operation | undefined> {
  const [claimed] = await claimAll(db, [id], owner, leaseMs, closed);
  return claimed;
}

/** The same for several; those that somebody else is about to take are left to them. @returns those that were to be had */
export async function claimAll(
  db: Kysely<Database>,
  ids: readonly OperationId[],
  owner: string,
  leaseMs: number,
  closed: readonly ClosedTime[] = [],
): Promise<readonly Operation[]> {
  const takeable = db
    .selectFrom('operations')
    .select(['id', 'intent_at'])
    .where(sql<boolean>`id = any(${ids})`)
    .where(areTakeable)
    .where(isReleased(closed))
    .forUpdate()
    .skipLocked();
  return await db
    .with('before', () => takeable)
    .updateTable('operations')
    .from('before')
    .set({
      ...inHandsOf(owner, leaseMs),
      attempts: sql`attempts + 1`,
      intent_at: sql`CASE WHEN kind = 'create' THEN coalesce(before.intent_at, now()) ELSE before.intent_at END`,
    })
    .whereRef('operations.id', '=', 'before.id')
    .returningAll('operations')
    // Of two columns of one name the last one counts.
    .returning('before.intent_at')
    .execute();
}

/**
 * Keeps what a worker has in its hands. It waits for nobody: what is locked is being ended just now, or is renewed the next
 * time, and two who wait for each other's operations would be a deadlock.
 */
export async function renewLeases(
  db: Kysely<Database>,
  owner: string,
  ids: readonly OperationId[],
  leaseMs: number,
): Promise<void> {
  const held = db
    .selectFrom('operations')
    .select('id')
    .where(sql<boolean>`id = any(${ids})`)
    .where(areHeldBy(owner))
    .forUpdate()
    .skipLocked();
  await db
    .with('held', () => held)
    .updateTable('operations')
    .set({ lease_until: inMs(leaseMs) })
    .where('id', 'in', ({ selectFrom }) => selectFrom('held').select('held.id'))
    .execute();
}

/** Of operations that are known by their ids, in the form of `areTakeable`. */
export const areHeldBy = (owner: string) =>
  sql<boolean>`CASE state WHEN 'running' THEN lease_owner = ${owner} ELSE false END`;

/** Thrown where a worker finds that its operation is no longer its own; another one finishes it. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor(id: OperationId) {
    super(`Operation ${id} was taken over by another worker, since this one took too long.`);
  }
}

/**
 * Stores that a request with an effect is about to go out: from here on, the outcome may be unknown.
 *
 * @throws {LeaseLostError}
 */
export async function noteIntent(db: Kysely<Database>, id: OperationId, owner: string): Promise<void> {
  const noted = await db
    .updateTable('operations')
    .set({ intent_at: sql`coalesce(intent_at, now())` })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('lease_owner', '=', owner)
    .returning('id')
    .execute();
  if (noted.length === 0) throw new LeaseLostError(id);
}

/** How an operation ends in a worker's hands. */
export type EndState = Extract<OperationState, 'done' | 'failed' | 'superseded'>;

/**
 * @param end.cause - of a failure: what it has in common with others
 * @param end.mayHaveHappened - whether a request may have had its effect unheard: then a retry looks for it first
 * @throws {LeaseLostError}
 */
export async function endOperation(
  db: Kysely<Database>,
  id: OperationId,
  owner: string,
  end: {
    readonly state: EndState;
    readonly message: string | undefined;
    readonly cause?: string | undefined;
    readonly mayHaveHappened: boolean;
  },
): Promise<void> {
  const ended = await db
    .updateTable('operations')
    .set({
      state: end.state,
      message: end.message ?? null,
      cause: end.cause ?? null,
      lease_owner: null,
      lease_until: null,
      ended_at: sql`now()`,
      ...(end.mayHaveHappened ? {} : { intent_at: null }),
    })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('lease_owner', '=', owner)
    .returning('id')
    .execute();
  if (ended.length === 0) throw new LeaseLostError(id);
}

/**
 * Gives an operation back, to be tried again.
 *
 * @param again.countsAsAttempt - false where it was not the operation's fault, such as a refused key
 * @param again.mayHaveHappened - whether a request of this try, or of one before, may have had its effect unheard
 * @throws {LeaseLostError}
 */
export async function postpone(
  db: Kysely<Database>,
  id: OperationId,
  owner: string,
  again: {
    readonly delayMs: number;
    readonly message: string;
    readonly countsAsAttempt: boolean;
    readonly mayHaveHappened: boolean;
  },
): Promise<void> {
  const postponed = await db
    .updateTable('operations')
    .set({
      state: 'queued',
      not_before: inMs(again.delayMs),
      message: again.message,
      lease_owner: null,
      lease_until: null,
      ...(again.countsAsAttempt ? {} : { attempts: sql`greatest(attempts - 1, 0)` }),
      ...(again.mayHaveHappened ? {} : { intent_at: null }),
    })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('lease_owner', '=', owner)
    .returning('id')
    .execute();
  if (postponed.length === 0) throw new LeaseLostError(id);
}
