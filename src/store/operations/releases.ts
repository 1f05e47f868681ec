import { sql, type Transaction } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { Database } from '../schema.ts';

/**
 * Lets nobody else release operations of the source until the transaction ends. Whoever releases looks first whether
 * something is under way for that person; two who look at the same moment would each see nothing.
 */
export async function lockReleases(tx: Transaction<Database>, source: SourceId): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('rollcall_releases'), hashtext(${source}))`.execute(tx);
}
