/** Opens the store: PostgreSQL on a server, or embedded in a folder. From here on there is no difference. */
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Config } from '../../config/schema.ts';
import { type Ownership, openEmbedded } from './embedded/open-embedded.ts';
import { startUpkeep } from './embedded/upkeep.ts';
import type { Database } from './schema.ts';
import { explainConnectionError, openPool, serverConnection } from './server-connection.ts';

/** More would only wait in another queue: the embedded store carries out one transaction at a time. */
const embeddedPoolSize = 4;
const serverPoolSize = 10;

/** How many connections a pool has, and how they are named. */
export type PoolSettings = {
  readonly max: number;
  readonly applicationName: string;
  /** Where unqualified names are looked up, such as `bullmq`; else `public`. */
  readonly searchPath?: string;
};

/** The store, open. */
export type Store = {
  readonly kind: 'embedded' | 'server';
  /** False only where another process has the embedded store open, and this one is its client. */
  readonly isOwner: boolean;
  readonly db: Kysely<Database>;
  readonly pool: pg.Pool;
  /** Resolves if the store answers. */
  ping(): Promise<void>;
  /** For pools beside `pool`; whoever opens one ends it before the store is closed. */
  readonly connection: pg.PoolConfig;
  /** A pool beside `pool`, on the same database. */
  openPool(settings: PoolSettings): pg.Pool;
  /** Ends its connections, and the embedded store with its owner. */
  close(): Promise<void>;
};

/** How a store is opened. */
export type StoreOptions = {
  /** Told of connections that broke while nobody used them; the next query makes a new one. */
  readonly onError: (error: Error) => void;
  /** Opens an embedded store as its owner only, after whoever has it open. */
  readonly ownership?: Ownership | undefined;
};

type Place = Pick<Store, 'kind' | 'isOwner' | 'connection' | 'close'>;

function storeAt(place: Place, poolSize: number, { onError }: StoreOptions): Store {
  const pool = openPool(place.connection, { max: poolSize, applicationName: 'rollcall' }, onError);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return {
    ...place,
    db,
    pool,
    ping: async () => {
      await pool.query('SELECT 1');
    },
    openPool: (settings) => openPool(place.connection, settings, onError),
    close: () => {
      // Kysely ends the pool, if it has ever used it.
      closing ??= db
        .destroy()
        .then(() => (pool.ended ? undefined : pool.end()))
        .then(() => place.close());
      return closing;
    },
  };
}

async function openServer(url: string, options: StoreOptions): Promise<Store> {
  const nothing = async (): Promise<void> => {};
  const place: Place = { kind: 'server', isOwner: true, connection: serverConnection(url), close: nothing };
  const store = storeAt(place, serverPoolSize, options);
  try {
    await store.pool.query('SELECT 1');
    return store;
  } catch (error) {
    await store.close();
    throw explainConnectionError(error, url);
  }
}

/**
 * Opens the store that the configuration names, and makes sure that it answers; the tables are `migrate`'s business. Throws a
 * `StoreError` that says what is wrong, and the mend, without the password.
 */
export async function openStore(database: Config['database'], options: StoreOptions): Promise<Store> {
  if ('url' in database) return openServer(database.url, options);
  const embedded = await openEmbedded(database.path, options.ownership);
  const store = storeAt({ kind: 'embedded', ...embedded }, embeddedPoolSize, options);
  if (!store.isOwner) return store;
  const upkeep = startUpkeep(store.pool, options.onError);
  return { ...store, close: () => upkeep.stop().then(store.close) };
}
