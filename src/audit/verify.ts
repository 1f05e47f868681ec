/** Proves the audit log whole, or names the place where it is not. */
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { hashOf } from './entry.ts';
import { auditEntries } from './search.ts';

export type Verdict =
  | { readonly kind: 'whole'; readonly entries: number; readonly head: string }
  | { readonly kind: 'broken'; readonly at: number; readonly sentence: string };

/**
 * Recomputes every hash. An entry that was changed, removed or put in is found and placed; so is a log that was cut at
 * its end. Somebody who rewrites the whole chain and its head can only be found out by a head noted elsewhere.
 *
 * @param expectedHead - a head that was noted elsewhere (an export's last hash), to be found in the chain
 */
export async function verifyAudit(db: Kysely<Database>, expectedHead?: string): Promise<Verdict> {
  let seq = 0;
  let hash = '';
  let foundExpected = expectedHead === undefined;
  for await (const entry of auditEntries(db, {})) {
    const at = Number(entry.seq);
    if (at !== seq + 1) {
      const missing = at === seq + 2 ? `Entry ${seq + 1} is` : `Entries ${seq + 1} to ${at - 1} are`;
      return { kind: 'broken', at: seq + 1, sentence: `${missing} missing from the audit log.` };
    }
    if (entry.prev_hash !== hash) {
      return {
        kind: 'broken',
        at,
        sentence: `Entry ${at} does not follow entry ${seq}: one of them was exchanged.`,
      };
    }
    if (hashOf(entry) !== entry.hash) {
      return {
        kind: 'broken',
        at,
        sentence: `Entry ${at} was changed after it was written: its hash is not that of its content.`,
      };
    }
    seq = at;
    hash = entry.hash;
    if (hash === expectedHead) foundExpected = true;
  }

  const head = await db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirst();
  if (head === undefined || Number(head.seq) !== seq || head.hash !== hash) {
    return {
      kind: 'broken',
      at: seq + 1,
      sentence: `The audit log was cut after entry ${seq}: it once had ${head?.seq ?? 'more'} entries.`,
    };
  }
  if (!foundExpected) {
    return {
      kind: 'broken',
      at: seq,
      sentence: 'The head that was noted elsewhere is not in the chain: the log was rewritten.',
    };
  }
  return { kind: 'whole', entries: seq, head: hash };
}
