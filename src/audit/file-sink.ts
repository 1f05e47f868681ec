/** The stream into a file, which may be rotated at any time: it is looked at by name before each write. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { StoredEntry } from './entry.ts';
import { plainEntry } from './export.ts';
import type { AuditSink } from './sink.ts';

/** @throws where the file can't be opened for writing; it is made, for nobody but its owner, where it is not there */
export async function openFileSink(path: string): Promise<AuditSink> {
  let file = await openedForAppending(path);
  return {
    async write(entries: readonly StoredEntry[]) {
      if (!(await isStillThere(path, file))) {
        const rotated = file;
        file = await openedForAppending(path);
        await rotated.close();
      }
      await file.appendFile(entries.map((entry) => `${JSON.stringify(plainEntry(entry))}\n`).join(''));
      await file.datasync();
    },
    assertAlive: () => undefined,
    close: () => file.close(),
  };
}

async function isStillThere(path: string, file: FileHandle): Promise<boolean> {
  const [named, held] = await Promise.all([stat(path).catch(() => undefined), file.stat()]);
  return named !== undefined && named.ino === held.ino && named.dev === held.dev;
}

async function openedForAppending(path: string): Promise<FileHandle> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    if (size === 0) return file;
    const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
    // Half a line of a process that died: the entry comes again, on a line of its own.
    if (buffer[0] !== 0x0a) await file.appendFile('\n');
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
