import { ArchiveError, type ArchivesVerdict, verifyArchives } from '../audit/index.ts';
import type { Store } from '../store/index.ts';
import { UsageError } from './exit.ts';

/** @throws {UsageError} where one of the files can't be read as an archive */
export async function archivesVerdict(db: Store['db'], paths: readonly string[]): Promise<ArchivesVerdict> {
  try {
    return await verifyArchives(db, paths);
  } catch (error) {
    if (error instanceof ArchiveError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
