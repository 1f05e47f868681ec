/** Files that a command writes. They hold personal data: for nobody's eyes but the operator's; none is overwritten. */
import { type FileHandle, open } from 'node:fs/promises';
import { UsageError } from './exit.ts';

/** @throws {UsageError} where it is there already, or can't be made */
export async function createdFile(path: string, what: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `${what} can't be written to ${path}: ${reason}. Name a new file in a folder that is there.`,
      { cause: error },
    );
  }
}
