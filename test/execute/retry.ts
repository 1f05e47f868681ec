import type { Kysely } from 'kysely';
import { type Operation, retryFailed } from '../../src/store/operations/operations.ts';
import type { Database } from '../../src/store/schema.ts';

/** Gives failed operations their tries again, as an operator's word does. */
export const retryThem = (
  db: Kysely<Database>,
  filter: Parameters<typeof retryFailed>[1],
): Promise<readonly Operation[]> => db.transaction().execute((tx) => retryFailed(tx, filter));
