/** Where the embedded store keeps its data and its socket: folders that nobody else may enter. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StoreError } from '../store-error.ts';

/** Of a Unix socket's path: 104 on macOS, 108 on Linux, its final zero included. */
const maxSocketPathBytes = 103;

export type StoreFolders = {
  /** The store as a whole; its owner files are here. */
  readonly store: string;
  readonly data: string;
  readonly sockets: string;
};

/** `pg` finds a socket by a folder and a "port": we count it up with each owner. */
export const socketPath = (folders: StoreFolders, number: number): string =>
  join(folders.sockets, `.s.PGSQL.${number}`);

function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(path);
  const ourselves = process.getuid?.() ?? uid;
  if (!lstatSync(path).isDirectory() || (uid !== ourselves && ourselves !== 0)) {
    throw new Error(`${path} belongs to somebody else`);
  }
  chmodSync(path, 0o700);
}

/** Makes the folders, for this user alone. Throws a {@link StoreError} of kind `folder` where that can't be done. */
export function prepareFolders(path: string): StoreFolders {
  try {
    privateFolder(resolve(path));
    const store = realpathSync(path);
    const hash = createHash('sha256').update(store).digest('hex').slice(0, 16);
    const isShort = Buffer.byteLength(join(store, '.s.PGSQL.9999999')) <= maxSocketPathBytes;
    const sockets = isShort ? store : join(tmpdir(), `rollcall-${hash}`);
    privateFolder(sockets);
    return { store, data: join(store, 'data'), sockets };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError(
      'folder',
      `The folder of the embedded store, ${path}, can't be used: ${reason}. ` +
        'Make it writable for the user that Rollcall runs as, or set database.path to another.',
      { cause },
    );
  }
}

/** Deletes the sockets that dead owners left, and what a dead process left where ours will be. */
export function removeOldSockets(folders: StoreFolders, number: number): void {
  for (const name of readdirSync(folders.sockets)) {
    const [, digits] = /^\.s\.PGSQL\.(\d+)$/.exec(name) ?? [];
    if (digits !== undefined && Number(digits) <= number)
      rmSync(join(folders.sockets, name), { force: true });
  }
}
