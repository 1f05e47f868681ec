/** What becomes of each row: done, given back to go the ordinary way, or ended by what concerns all. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { saysLicenceFull, tidy } from '../../profile-api/index.ts';
import { emailKey } from '../../reconcile/index.ts';
import { batches } from '../../store/batches.ts';
import { returnFromFile } from '../../store/operations/bulk.ts';
import { LeaseLostError } from '../../store/operations/leases.ts';
import type { Operation } from '../../store/operations/operations.ts';
import type { Database } from '../../store/schema.ts';
import type { RetryPolicy } from '../backoff.ts';
import { created } from '../handlers/create.ts';
import type { LookedUp, OrgLookup } from '../org-lookup.ts';
import type { Ended, Outcome } from '../outcome.ts';
import { recordTogether } from '../record.ts';

export interface RowMeans {
  readonly db: Kysely<Database>;
  /** Whose the leases are. */
  readonly owner: string;
  readonly lookup: Pick<OrgLookup, 'byEmails'>;
  readonly retry: RetryPolicy;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** The rows that are not settled yet, by e-mail in the form of `emailKey`. */
export type OpenRows = Map<string, Operation>;

export const rowKey = ({ email }: Operation): string => emailKey(email ?? '');

const recordedAtOnce = 200;

/** Records those who are there now. @returns how many, and why the others may be there all the same */
export async function recordFound(
  means: RowMeans,
  open: OpenRows,
  message: string,
): Promise<Pick<LookedUp, 'doubt'> & { readonly count: number }> {
  const seen = await means.lookup.byEmails([...open.keys()]);
  const profiles = new Map(
    [...seen.found].flatMap(([key, profile]) => {
      const operation = open.get(key);
      return operation === undefined ? [] : [[operation, profile] as const];
    }),
  );
  const outcomeFor = (operation: Operation): Outcome => {
    const profile = profiles.get(operation);
    return created(profile, profile?.userId, operation.desired, message);
  };
  await recordAll(means, open, [...profiles.keys()], outcomeFor, true);
  return { doubt: seen.doubt, count: profiles.size };
}

/** Rows that the server will not take go the ordinary way, where the refusal is told once more; a full licence is everybody's. */
export async function returnRefused(
  means: RowMeans,
  open: OpenRows,
  refused: ReadonlyMap<string, string>,
  secrets: readonly string[],
): Promise<void> {
  let full: { readonly operation: Operation; readonly sentence: string } | undefined;
  for (const [key, said] of refused) {
    const operation = open.get(key);
    if (operation === undefined) continue;
    const sentence = tidy(said, secrets);
    if (full === undefined && saysLicenceFull(sentence)) full = { operation, sentence };
    else
      await giveBack(
        means,
        open,
        [operation],
        `Refused as a row of a file: "${sentence}". Created singly.`,
        false,
      );
  }
  if (full === undefined) return;
  // The others go back first: the licence is the org's, so none of them is tried.
  const message = `The org has no licence left for another user: "${full.sentence}". Free or buy licences; the next run tries again.`;
  await recordAll(means, open, [full.operation], () => ({ kind: 'licence-full', message }), false);
}

export async function recordAll(
  { db, owner, retry, log }: RowMeans,
  open: OpenRows,
  operations: readonly Operation[],
  outcomeFor: (operation: Operation) => Outcome,
  mayHaveHappened: boolean,
): Promise<void> {
  const ended = operations.map(
    (operation): Ended => ({ operation, outcome: outcomeFor(operation), mayHaveHappened }),
  );
  for (const some of batches(ended, recordedAtOnce)) {
    const recorded = await recordTogether(db, some, owner, retry, new Date());
    for (const [index, one] of (await Promise.allSettled(recorded)).entries()) {
      if (one.status === 'fulfilled') continue;
      if (!(one.reason instanceof LeaseLostError)) throw one.reason;
      log.warn({ event: 'operation.lease-lost', operation: some[index]?.operation.id }, one.reason.message);
    }
    for (const { operation } of some) open.delete(rowKey(operation));
  }
}

/** Sends them the ordinary way. @param mayHaveHappened - whether they are looked for before anything is sent */
export async function giveBack(
  { db, owner }: RowMeans,
  open: OpenRows,
  operations: readonly Operation[],
  message: string,
  mayHaveHappened: boolean,
  delayMs = 0,
): Promise<void> {
  if (operations.length === 0) return;
  const ids = operations.map(({ id }) => id);
  await returnFromFile(db, ids, owner, { delayMs, message, mayHaveHappened });
  for (const operation of operations) open.delete(rowKey(operation));
}
