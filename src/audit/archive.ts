/** Moves old entries of the audit log into sealed files. The chain goes on: file after file, then the log. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { appendAudit } from './append.ts';
import type { Seal } from './archive-file.ts';
import { type Break, brokenAt, type ChainPoint, follow, isBroken } from './chain.ts';
import { plainEntry } from './export.ts';
import { checkpointOf, entriesAfter } from './verify.ts';

/** What is to be moved, and where to. */
export interface ArchiveOrder {
  /** Folder of the archives; made where it is not there. */
  readonly folder: string;
  /** Entries of before this time are archived. */
  readonly before: Date;
  /** The last entry that may go: the stream's receiver has not got those after it yet. */
  readonly upTo?: number;
  /** Of one file, and of one transaction that deletes. */
  readonly entriesPerFile?: number;
  /** The clock. */
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

/** What was moved into files. */
export type Archived =
  | { readonly kind: 'done'; readonly entries: number; readonly files: readonly string[] }
  /** Nothing is archived of a chain that is broken: a seal would cover it up. */
  | Break;

const deletedAtOnce = 5_000;

/**
 * Archives what is old enough. Each file is on the disk before its entries are deleted, and an entry of the log itself
 * tells of it (`audit.archived`). Broken off at any point, the next time goes on from there. Only one process may do it.
 *
 * @throws where the folder can't be written to
 */
export async function archiveAudit(db: Kysely<Database>, order: ArchiveOrder): Promise<Archived> {
  const { entriesPerFile = 100_000 } = order;
  // What a process left behind that died after it had moved the checkpoint.
  await deleteArchived(db, order.signal);
  const last = await lastToArchive(db, order);
  const files: string[] = [];
  let from = await checkpointOf(db);
  const begin = from.seq;
  while (from.seq < last) {
    order.signal?.throwIfAborted();
    const written = await writeArchive(db, order, from, Math.min(last, from.seq + entriesPerFile));
    if ('kind' in written) return written;
    if (!(await moveCheckpoint(db, from, written, order.now()))) break;
    await deleteArchived(db, order.signal);
    files.push(written.path);
    from = written.to;
  }
  return { kind: 'done', entries: from.seq - begin, files };
}

/** The log's clock is that of many machines: an entry stays as long as one before it is too young. */
async function lastToArchive(db: Kysely<Database>, { before, upTo }: ArchiveOrder): Promise<number> {
  const young = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.min('seq').as('seq'))
    .where('at', '>=', before)
    .executeTakeFirst();
  const end = await db.selectFrom('audit_head').select('seq').executeTakeFirstOrThrow();
  const last = young?.seq == null ? Number(end.seq) : Number(young.seq) - 1;
  return Math.min(last, upTo ?? last);
}

interface Written {
  readonly path: string;
  readonly to: ChainPoint;
  readonly seal: Seal;
}

async function writeArchive(
  db: Kysely<Database>,
  { folder, signal }: ArchiveOrder,
  from: ChainPoint,
  last: number,
): Promise<Written | Break> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `audit-${digits(from.seq + 1)}-${digits(last)}.jsonl`;
  const temporary = join(folder, `.${name}.${randomUUID()}`);
  try {
    await using file = await open(temporary, 'wx', 0o600);
    let point = from;
    while (point.seq < last) {
      signal?.throwIfAborted();
      const rows = await entriesAfter(db, point.seq, Math.min(2_000, last - point.seq));
      if (rows.length === 0)
        return brokenAt(point.seq + 1, `Entries from ${point.seq + 1} on are missing from the audit log.`);
      for (const entry of rows) {
        const step = follow(point, entry);
        if (isBroken(step)) return step;
        point = step;
      }
      await file.appendFile(rows.map((entry) => `${JSON.stringify(plainEntry(entry))}\n`).join(''));
    }
    const entries = last - from.seq;
    const seal: Seal = { entries, first: from.seq + 1, last, before: from.hash, head: point.hash };
    await file.appendFile(`${JSON.stringify({ sealed: seal })}\n`);
    await file.sync();
    const path = join(folder, name);
    // One that is there already is of a process that died before its entries were deleted: it is the same.
    await rename(temporary, path);
    await syncFolder(folder);
    return { path, to: point, seal };
  } finally {
    await rm(temporary, { force: true });
  }
}

const digits = (seq: number): string => String(seq).padStart(12, '0');

/** So that the file's name is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** @returns false where another process was faster */
async function moveCheckpoint(
  db: Kysely<Database>,
  from: ChainPoint,
  { path, to, seal }: Written,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const moved = await tx
      .updateTable('audit_checkpoint')
      .set({ seq: to.seq, hash: to.hash })
      .where('seq', '=', String(from.seq))
      .returning('seq')
      .execute();
    if (moved.length === 0) return false;
    await appendAudit(
      tx,
      [{ actor: 'rollcall', action: 'audit.archived', details: { file: path, ...seal } }],
      now,
    );
    return true;
  });
}

async function deleteArchived(db: Kysely<Database>, signal: AbortSignal | undefined): Promise<void> {
  const checkpoint = await checkpointOf(db);
  for (;;) {
    signal?.throwIfAborted();
    const some = db
      .selectFrom('audit')
      .select('seq')
      .where('seq', '<=', String(checkpoint.seq))
      .orderBy('seq')
      .limit(deletedAtOnce);
    const deleted = await db.deleteFrom('audit').where('seq', 'in', some).returning('seq').execute();
    if (deleted.length < deletedAtOnce) return;
  }
}
