import { type Kysely, sql, type Transaction } from 'kysely';
import { batches } from '../store/batches.ts';
import { jsonRows } from '../store/json-rows.ts';
import type { Database } from '../store/schema.ts';
import { type AuditEntry, hashOf } from './entry.ts';

/**
 * Appends entries to the chain, in the transaction of what they tell of, so that neither stands without the other.
 * The head's row lock puts appends of several processes in order; keep the transaction short.
 */
export async function appendAudit(
  tx: Transaction<Database>,
  entries: readonly AuditEntry[],
  now: Date,
): Promise<void> {
  if (entries.length === 0) return;
  const head = await tx
    .selectFrom('audit_head')
    .select(['seq', 'hash'])
    .forUpdate()
    .executeTakeFirstOrThrow();

  let seq = Number(head.seq);
  let hash = head.hash;
  const rows = entries.map((entry) => {
    seq += 1;
    const hashed = {
      seq: String(seq),
      at: now,
      actor: entry.actor,
      action: entry.action,
      run_id: entry.run ?? null,
      operation_id: entry.operation ?? null,
      source_id: entry.source ?? null,
      anchor: entry.anchor ?? null,
      profile_id: entry.profile ?? null,
      email: entry.email ?? null,
      reason: entry.reason ?? null,
      details: entry.details ?? {},
      prev_hash: hash,
    };
    hash = hashOf(hashed);
    return { ...hashed, hash };
  });

  for (const some of batches(rows, 2_000))
    await sql`
      WITH appended AS (INSERT INTO audit ${jsonRows('audit', some)})
      UPDATE audit_head SET seq = ${seq}, hash = ${hash}`.execute(tx);
}

/** Appends entries that stand for themselves, in a transaction of their own. */
export async function audit(db: Kysely<Database>, entries: readonly AuditEntry[], now: Date): Promise<void> {
  await db.transaction().execute((tx) => appendAudit(tx, entries, now));
}
