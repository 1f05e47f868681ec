/** What the API answered under an idempotency key, so that whoever asks again gets the same and nothing is done twice. */
import { type Kysely, sql } from 'kysely';
import type { ApiAnswer, Database } from '../schema.ts';

/** By whom a request was made, and what makes it this one. */
export interface KeyedRequest {
  readonly actor: string;
  readonly key: string;
  /** Of all that was asked for. */
  readonly digest: string;
}

/** Whether a request is to be carried out, by its key. */
export type KeyClaim =
  /** Nobody has asked so before: whoever has this does it. */
  | { readonly kind: 'ours' }
  | { readonly kind: 'answered'; readonly answer: ApiAnswer }
  /** The same key with another request. */
  | { readonly kind: 'contradiction' }
  /** The first request is at work. */
  | { readonly kind: 'at-work' }
  /** The first request's process died in the middle of it: what it did is not known. */
  | { readonly kind: 'interrupted' };

/** Takes a key for a request, or tells what has become of the request that had it first. */
export async function claimKey(
  db: Kysely<Database>,
  { actor, key, digest }: KeyedRequest,
  { leaseMs, keepMs }: { readonly leaseMs: number; readonly keepMs: number },
): Promise<KeyClaim> {
  const times = {
    leased_until: sql<Date>`now() + ${leaseMs} * interval '1 millisecond'`,
    kept_until: sql<Date>`now() + ${keepMs} * interval '1 millisecond'`,
  };
  // A key whose time is over is as good as a new one.
  const taken = await db
    .insertInto('api_answers')
    .values({ actor, key, digest, ...times })
    .onConflict((conflict) =>
      conflict
        .columns(['actor', 'key'])
        .doUpdateSet({ digest, answer: null, ...times })
        .where('api_answers.kept_until', '<', sql<Date>`now()`),
    )
    .returning('key')
    .executeTakeFirst();
  if (taken !== undefined) return { kind: 'ours' };
  const first = await db
    .selectFrom('api_answers')
    .select(['digest', 'answer', sql<boolean>`leased_until > now()`.as('isAtWork')])
    .where('actor', '=', actor)
    .where('key', '=', key)
    .executeTakeFirst();
  // Given back between the two looks: the next one gets it.
  if (first === undefined) return { kind: 'at-work' };
  if (first.digest !== digest) return { kind: 'contradiction' };
  if (first.answer !== null) return { kind: 'answered', answer: first.answer };
  return { kind: first.isAtWork ? 'at-work' : 'interrupted' };
}

/** Says that the request is still at work. */
export async function renewKey(
  db: Kysely<Database>,
  { actor, key }: KeyedRequest,
  leaseMs: number,
): Promise<void> {
  await db
    .updateTable('api_answers')
    .set({ leased_until: sql<Date>`now() + ${leaseMs} * interval '1 millisecond'` })
    .where('actor', '=', actor)
    .where('key', '=', key)
    .execute();
}

/** Keeps what was answered, for whoever asks again. */
export async function keepAnswer(
  db: Kysely<Database>,
  { actor, key }: KeyedRequest,
  answer: ApiAnswer,
): Promise<void> {
  await db
    .updateTable('api_answers')
    .set({ answer: JSON.stringify(answer) })
    .where('actor', '=', actor)
    .where('key', '=', key)
    .execute();
}

/** Gives a key back with which nothing was done. */
export async function giveKeyBack(db: Kysely<Database>, { actor, key }: KeyedRequest): Promise<void> {
  await db
    .deleteFrom('api_answers')
    .where('actor', '=', actor)
    .where('key', '=', key)
    .where('answer', 'is', null)
    .execute();
}

/** Forgets what was kept long enough. */
export async function forgetAnswers(db: Kysely<Database>, now: Date): Promise<void> {
  await db.deleteFrom('api_answers').where('kept_until', '<', now).execute();
}
