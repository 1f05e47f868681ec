/** Proves the audit log whole, or names the place where it is not. */
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { type Break, brokenAt, type ChainPoint, follow, isBroken } from './chain.ts';
import { hashOf, type StoredEntry } from './entry.ts';

/** Whether the log is whole. */
export type Verdict =
  | {
      readonly kind: 'whole';
      /** How many entries were looked at. */
      readonly entries: number;
      /** Number and hash of the last one. */
      readonly last: number;
      readonly head: string;
      /** The log begins after this entry; those up to it are in archives. 0 where nothing was archived. */
      readonly archived: number;
    }
  | Break;

/** Told of how many entries were looked at, of how many. */
export type OnVerified = (done: number, total: number) => void;

interface Walking {
  readonly onEntry?: (entry: StoredEntry) => void;
  readonly onProgress?: OnVerified;
  readonly signal?: AbortSignal | undefined;
}

const batchSize = 5_000;

/**
 * Recomputes every hash of what is not archived. An entry that was changed, removed or put in is found and placed; so is
 * a log that was cut at its end. Somebody who rewrites the whole chain and its head can only be found out by a head
 * noted elsewhere. Entries may be appended and archived meanwhile.
 *
 * @param expectedHead - a head that was noted elsewhere (an export's last hash), to be found in the chain
 */
export async function verifyAudit(
  db: Kysely<Database>,
  expectedHead?: string,
  onProgress: OnVerified = () => undefined,
): Promise<Verdict> {
  const checkpoint = await checkpointOf(db);
  let foundExpected = expectedHead === undefined || expectedHead === checkpoint.hash;
  let isAttested = checkpoint.seq === 0;
  const onEntry = (entry: StoredEntry): void => {
    if (entry.hash === expectedHead) foundExpected = true;
    if (attests(entry, checkpoint)) isAttested = true;
  };
  const walked = await walk(db, checkpoint, { onEntry, onProgress });
  if (walked.kind === 'overtaken') return await verifyAudit(db, expectedHead, onProgress);
  if (walked.kind === 'broken') return walked;
  if (!isAttested) {
    const place = `after entry ${checkpoint.seq}`;
    return brokenAt(
      checkpoint.seq,
      `The log begins ${place}, but no entry tells that those before were archived: they were removed.`,
    );
  }
  if (!foundExpected) {
    const advice =
      checkpoint.seq === 0 ? '' : ' If it was noted long ago, it is in an archive: give its file.';
    return brokenAt(
      walked.last,
      `The head that was noted elsewhere is not in the chain: the log was rewritten.${advice}`,
    );
  }
  return { ...walked, archived: checkpoint.seq };
}

/** As {@link verifyAudit}, for what came after a place up to which the log was found whole before. */
export async function verifyAuditSince(
  db: Kysely<Database>,
  known: ChainPoint,
  signal?: AbortSignal,
): Promise<Verdict> {
  const checkpoint = await checkpointOf(db);
  if (known.seq < checkpoint.seq) return await verifyAuditSince(db, checkpoint, signal);
  const remembered = known.seq === checkpoint.seq ? checkpoint.hash : await hashAt(db, known.seq);
  if (remembered !== known.hash) {
    // It may have been archived since the checkpoint was read.
    if ((await checkpointOf(db)).seq > checkpoint.seq) return await verifyAuditSince(db, known, signal);
    return brokenAt(
      known.seq,
      `Entry ${known.seq} is not as it was when the log was last verified: it was changed, or is gone.`,
    );
  }
  const walked = await walk(db, known, { signal });
  if (walked.kind === 'overtaken') return await verifyAuditSince(db, known, signal);
  return walked.kind === 'broken' ? walked : { ...walked, archived: checkpoint.seq };
}

/** The last entry that was archived. */
export async function checkpointOf(db: Kysely<Database>): Promise<ChainPoint> {
  return await pointIn(db, 'audit_checkpoint');
}

/** What says in the chain itself that it begins later than it once did. */
const attests = (entry: StoredEntry, { seq, hash }: ChainPoint): boolean =>
  entry.action === 'audit.archived' && entry.details.last === seq && entry.details.head === hash;

type Walked = Omit<Extract<Verdict, { kind: 'whole' }>, 'archived'> | Break | { readonly kind: 'overtaken' };

/**
 * Walks to the end that the log has now, or further. It reads in pieces, since a snapshot held for so long would keep the
 * store from cleaning up. `overtaken`: what is not there as it should be was archived since somebody chose this beginning.
 */
async function walk(
  db: Kysely<Database>,
  from: ChainPoint,
  { onEntry, onProgress, signal }: Walking,
): Promise<Walked> {
  const head = await pointIn(db, 'audit_head');
  // Compared with the beginning, not with a checkpoint read here: archiving may have come in between those two.
  const orOvertaken = async (broken: Break): Promise<Walked> =>
    (await checkpointOf(db)).seq > from.seq ? { kind: 'overtaken' } : broken;

  let point = from;
  while (point.seq < head.seq) {
    signal?.throwIfAborted();
    const rows = await entriesAfter(db, point.seq);
    if (rows.length === 0) {
      const sentence = `The audit log was cut after entry ${point.seq}: it once had ${head.seq} entries.`;
      return await orOvertaken(brokenAt(point.seq + 1, sentence));
    }
    for (const entry of rows) {
      const step = follow(point, entry);
      if (isBroken(step)) return await orOvertaken(step);
      point = step;
      if (point.seq === head.seq && point.hash !== head.hash)
        return brokenAt(
          point.seq,
          `The end of the log is noted otherwise than entry ${point.seq} is: it was exchanged.`,
        );
      onEntry?.(entry);
    }
    onProgress?.(point.seq - from.seq, head.seq - from.seq);
  }
  if (from.seq === head.seq && from.hash !== head.hash)
    return brokenAt(
      from.seq,
      `The end of the log is noted otherwise than entry ${from.seq} was: it was exchanged.`,
    );
  if (from.seq > head.seq)
    return brokenAt(
      head.seq + 1,
      `The log once had ${from.seq} entries, and now ends with entry ${head.seq}: it was cut.`,
    );
  const beyond = await beyondTheEnd(db);
  if (beyond !== undefined) return beyond;
  return {
    kind: 'whole',
    entries: point.seq - from.seq,
    last: point.seq,
    head: point.hash,
  };
}

/** Asked in this order, so that what is appended in between does no harm. */
async function beyondTheEnd(db: Kysely<Database>): Promise<Break | undefined> {
  const row = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.max('seq').as('last'))
    .executeTakeFirst();
  const head = await pointIn(db, 'audit_head');
  if (Number(row?.last ?? 0) <= head.seq) return undefined;
  return brokenAt(head.seq + 1, `Entry ${head.seq + 1} stands after the end of the log: it was put in.`);
}

export async function entriesAfter(
  db: Kysely<Database>,
  seq: number,
  limit = batchSize,
): Promise<readonly StoredEntry[]> {
  return await db
    .selectFrom('audit')
    .selectAll()
    .where('seq', '>', String(seq))
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/** The hash of an entry, if it is there and of its content. */
export async function hashAt(db: Kysely<Database>, seq: number): Promise<string | undefined> {
  const entry = await db.selectFrom('audit').selectAll().where('seq', '=', String(seq)).executeTakeFirst();
  return entry !== undefined && hashOf(entry) === entry.hash ? entry.hash : undefined;
}

async function pointIn(db: Kysely<Database>, table: 'audit_head' | 'audit_checkpoint'): Promise<ChainPoint> {
  const row = await db.selectFrom(table).select(['seq', 'hash']).executeTakeFirst();
  return { seq: Number(row?.seq ?? 0), hash: row?.hash ?? '' };
}
