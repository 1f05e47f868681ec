/** The file behind an LDIF source: opened once, read as a stream, watched for changes under the reading. */
import { type FileHandle, open } from 'node:fs/promises';
import { SourceError } from '../source-error.ts';
import { createLdifParser, type LdifParserOptions } from './parser.ts';
import type { LdifItem } from './record.ts';

const chunkSize = 256 * 1024;

function fileError(file: string, error: unknown): SourceError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const options = { cause: error };
  if (code === 'ENOENT')
    return new SourceError(
      'file',
      `${file} does not exist. Correct "file", or export the directory first.`,
      options,
    );
  if (code === 'EACCES' || code === 'EPERM')
    return new SourceError(
      'permission',
      `${file} may not be read by this user. Allow it, with chmod.`,
      options,
    );
  if (code === 'EISDIR')
    return new SourceError('file', `${file} is a folder. Give the LDIF file in it as "file".`, options);
  const told = error instanceof Error ? error.message : String(error);
  return new SourceError(
    'file',
    `${file} could not be read: ${told}. Check the disk and try again.`,
    options,
  );
}

/** @throws {SourceError} when the file can't be opened, or is none. */
export async function openLdif(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    throw fileError(file, error);
  }
  throw new SourceError('file', `${file} is no plain file. Give the LDIF file itself as "file".`);
}

/**
 * Reads an LDIF file, a chunk's items at a time. What shows that the whole was not seen (a change while reading,
 * a read error midway) comes as a `partial` item.
 *
 * @throws {SourceError} when the file can't be opened, or its first bytes not be read.
 * @throws the signal's reason, when it is aborted.
 */
export async function* readLdifFile(
  file: string,
  options: LdifParserOptions & { readonly signal: AbortSignal },
): AsyncGenerator<readonly LdifItem[]> {
  options.signal.throwIfAborted();
  const handle = await openLdif(file);
  try {
    const before = await handle.stat();
    const parser = createLdifParser(options);
    const buffer = Buffer.allocUnsafe(chunkSize);
    let bytesSeen = 0;
    let failure: string | undefined;
    while (true) {
      options.signal.throwIfAborted();
      let bytesRead = 0;
      try {
        bytesRead = (await handle.read(buffer, 0, chunkSize)).bytesRead;
      } catch (error) {
        if (bytesSeen === 0) throw fileError(file, error);
        failure = fileError(file, error).message;
      }
      if (bytesRead === 0) break;
      bytesSeen += bytesRead;
      const items = parser.push(buffer.subarray(0, bytesRead));
      if (items.length > 0) yield items;
    }
    yield parser.end();

    const after = await handle.stat();
    const isUnchanged =
      before.mtimeMs === after.mtimeMs && before.size === after.size && after.size === bytesSeen;
    const changed = isUnchanged
      ? undefined
      : 'the file changed while it was being read; write it under another name and rename it when it is whole';
    const reason = failure ?? changed;
    if (reason !== undefined) yield [{ kind: 'partial', line: 0, reason }];
  } finally {
    await handle.close();
  }
}
