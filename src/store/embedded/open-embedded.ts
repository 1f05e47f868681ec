/** Opens the embedded store: as its owner, or as a client of the process that owns it. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import pg from 'pg';
import { StoreError } from '../store-error.ts';
import { prepareFolders, removeOldSockets, type StoreFolders, socketPath } from './folders.ts';
import { claimOwnership, currentOwner, giveUpOwnership, isRunning, type Owner } from './ownership.ts';
import { startStoreThread } from './start-thread.ts';

const patienceMs = 60_000;
const pauseMs = 50;

export type EmbeddedStore = {
  readonly connection: pg.PoolConfig;
  readonly isOwner: boolean;
  /** Ends the store where this process owns it; call it after all pools are ended. */
  close(): Promise<void>;
};

const connectionTo = (folders: StoreFolders, number: number): pg.PoolConfig => ({
  host: folders.sockets,
  port: number,
  user: 'postgres',
  database: 'postgres',
  ssl: false,
});

function socketAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const tell = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', tell(true));
    socket.once('error', tell(false));
  });
}

/** Resolves once the owner has served a query; false where it ended before. */
async function ownerServes(connection: pg.PoolConfig): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: patienceMs });
  // The query's rejection tells the same.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/**
 * Keeps V8 from optimising WebAssembly in the background, for all of this process. A process can't end before such work is
 * done, which is half of what a short command takes; what then runs unoptimised is slower by a sixth, large queries by half.
 */
function staySimple(): void {
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/**
 * Ends the process: without its store it can do nothing more, not even put in order what is under way. That is what the next
 * start does, as after any other sudden end.
 */
function endWithout(folders: StoreFolders, cause: Error): never {
  throw new StoreError(
    'damaged',
    `The embedded store in ${folders.store} has failed: ${cause.message}. Rollcall can't go on without it, and ends. What was ` +
      'committed is kept: look at the free memory and the free space there, and start again.',
    { cause },
  );
}

async function openAsOwner(folders: StoreFolders, number: number): Promise<EmbeddedStore> {
  try {
    removeOldSockets(folders, number);
    const place = { data: folders.data, socket: socketPath(folders, number) };
    const thread = await startStoreThread(place, (reason) => endWithout(folders, reason));
    return {
      connection: connectionTo(folders, number),
      isOwner: true,
      close: async () => {
        await thread.close();
        giveUpOwnership(folders.store, number);
      },
    };
  } catch (cause) {
    giveUpOwnership(folders.store, number);
    throw new StoreError(
      'damaged',
      `The embedded store in ${folders.store} could not be opened: ${reasonOf(cause)}. ` +
        'Look at the free space and the permissions there; if they are right, restore the folder from a backup.',
      { cause },
    );
  }
}

async function openAsClient(folders: StoreFolders, owner: Owner): Promise<EmbeddedStore | undefined> {
  const connection = connectionTo(folders, owner.number);
  if (!(await ownerServes(connection))) return undefined;
  return { connection, isOwner: false, close: async () => {} };
}

/** For somebody who works all day, and must not depend on the life of another process. */
export type Ownership = {
  /** Told once, if another process has the store open: it is waited for, however long that takes. */
  readonly onWait: (owner: { readonly pid: number; readonly host: string }) => void;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
};

/**
 * Opens the store in a folder, which is made if need be. Where another process, or another part of this one, has it open
 * already, this is a client of that one: its connections break when the owner ends. With `ownership` it waits until it is
 * the owner itself. Throws a {@link StoreError}, or the reason of an aborted signal.
 */
export async function openEmbedded(path: string, ownership?: Ownership): Promise<EmbeddedStore> {
  const folders = prepareFolders(path);
  const end = Date.now() + patienceMs;
  let isTold = false;
  for (;;) {
    const owner = currentOwner(folders.store);
    const isAlive =
      owner !== undefined && ((await socketAnswers(socketPath(folders, owner.number))) || isRunning(owner));
    if (isAlive && ownership !== undefined) {
      if (!isTold) ownership.onWait(owner);
      isTold = true;
      await sleep(pauseMs, undefined, { signal: ownership.signal });
      continue;
    }
    if (isAlive) {
      const store = await openAsClient(folders, owner);
      if (store !== undefined) return store;
    } else {
      const number = claimOwnership(folders.store, owner?.number ?? 0);
      if (number !== undefined) {
        if (ownership === undefined) staySimple();
        return openAsOwner(folders, number);
      }
    }
    if (Date.now() > end) {
      throw new StoreError(
        'unreachable',
        `The embedded store in ${folders.store} belongs to process ${owner?.pid ?? 'unknown'}, which does not answer. ` +
          'End that process, or wait until it has started.',
      );
    }
    await sleep(pauseMs);
  }
}
