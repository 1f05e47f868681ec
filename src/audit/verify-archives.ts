/** Archives and the log proved as one chain. */
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { followArchive, openArchive } from './archive-file.ts';
import { type Break, brokenAt, type ChainPoint, chainStart, isBroken } from './chain.ts';
import { checkpointOf, hashAt } from './verify.ts';

/** Whether archives and log are one whole chain. */
export type ArchivesVerdict =
  | {
      readonly kind: 'whole';
      /** The first entry in the archives; 1 where they go back to the beginning. */
      readonly first: number;
      readonly last: number;
    }
  | Break;

/**
 * Proves archives whole, each the continuation of the one before, and the log that of the last. The order in which they
 * are given does not matter.
 *
 * @throws {ArchiveError} where a file can't be read, or is no archive
 */
export async function verifyArchives(
  db: Kysely<Database>,
  paths: readonly string[],
): Promise<ArchivesVerdict> {
  const opened = await Promise.all(paths.map(openArchive));
  const archives = opened.toSorted((one, other) => one.from.seq - other.from.seq);
  const start = archives[0]?.from ?? chainStart;
  if (start.seq === 0 && start.hash !== chainStart.hash)
    return brokenAt(1, 'Entry 1 follows another one, by its own word: something before it was removed.');

  let point: ChainPoint = start;
  for (const { path, from } of archives) {
    if (from.seq > point.seq)
      return brokenAt(point.seq + 1, `No file given has the entries ${point.seq + 1} to ${from.seq}.`);
    const end = await followArchive(path, from.seq === point.seq ? point : from);
    if (isBroken(end)) return end;
    if (from.seq < point.seq)
      return brokenAt(from.seq + 1, `${path} has entries that another file given has too.`);
    point = end;
  }
  return (await gapToLog(db, point)) ?? { kind: 'whole', first: start.seq + 1, last: point.seq };
}

/** What keeps the log from being the continuation of the archives. */
async function gapToLog(db: Kysely<Database>, end: ChainPoint): Promise<Break | undefined> {
  const checkpoint = await checkpointOf(db);
  if (end.seq < checkpoint.seq)
    return brokenAt(
      end.seq + 1,
      `The entries ${end.seq + 1} to ${checkpoint.seq} were archived, and no file given has them.`,
    );
  const known = end.seq === checkpoint.seq ? checkpoint.hash : await hashAt(db, end.seq);
  if (known === end.hash) return undefined;
  // It may have been archived since the checkpoint was read; the file is there before.
  if ((await checkpointOf(db)).seq > checkpoint.seq) return await gapToLog(db, end);
  return brokenAt(
    end.seq,
    `The log is not the continuation of the archives: entry ${end.seq} is another one.`,
  );
}
