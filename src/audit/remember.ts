/** How far the audit log was found whole, kept in the store, so that a start looks only at what is new. */
import { type Kysely, sql } from 'kysely';
import type { Database } from '../store/schema.ts';
import { type OnVerified, type Verdict, verifyAudit, verifyAuditSince } from './verify.ts';

/** The first place where the log is not whole. */
export interface AuditBreak {
  readonly at: number;
  readonly sentence: string;
  /** When it was first found. */
  readonly since: Date;
}

/** Verifies what was appended since the last time, and keeps what comes of it. */
export async function verifyNewEntries(db: Kysely<Database>, signal?: AbortSignal): Promise<Verdict> {
  const known = await verifiedOf(db);
  const verdict = await verifyAuditSince(db, { seq: Number(known.seq), hash: known.hash }, signal);
  // A break further back is not looked at again by this: only a whole verification lifts it.
  const liftsBreak = known.broken_at === null || Number(known.broken_at) > Number(known.seq);
  await keepVerdict(db, verdict, liftsBreak);
  return verdict;
}

/** Verifies the whole log, and keeps what comes of it; not so the doubt that a mistyped `expectedHead` may raise. */
export async function verifyAllEntries(
  db: Kysely<Database>,
  expectedHead?: string,
  onProgress?: OnVerified,
): Promise<Verdict> {
  const verdict = await verifyAudit(db, expectedHead, onProgress);
  if (verdict.kind === 'whole' || expectedHead === undefined) await keepVerdict(db, verdict, true);
  return verdict;
}

/** Where the log is known to be broken. */
export async function auditBreak(db: Kysely<Database>): Promise<AuditBreak | undefined> {
  const { broken_at, broken_sentence, broken_since } = await verifiedOf(db);
  if (broken_at === null || broken_sentence === null || broken_since === null) return undefined;
  return { at: Number(broken_at), sentence: broken_sentence, since: broken_since };
}

/** Up to where the log was found whole. */
export async function verifiedOf(db: Kysely<Database>) {
  return await db.selectFrom('audit_verified').selectAll().executeTakeFirstOrThrow();
}

async function keepVerdict(db: Kysely<Database>, verdict: Verdict, liftsBreak: boolean): Promise<void> {
  if (verdict.kind === 'broken') {
    await db
      .updateTable('audit_verified')
      .set({
        broken_at: verdict.at,
        broken_sentence: verdict.sentence,
        broken_since: sql`coalesce(broken_since, now())`,
      })
      .execute();
    return;
  }
  const lifted = liftsBreak ? { broken_at: null, broken_sentence: null, broken_since: null } : {};
  await db
    .updateTable('audit_verified')
    .set({ seq: verdict.last, hash: verdict.head, at: sql<Date>`now()`, ...lifted })
    .execute();
}
