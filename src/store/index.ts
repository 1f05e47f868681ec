/** The store, for the other parts of the program. */

export type { Ownership } from './embedded/open-embedded.ts';
export { migrate } from './migrate.ts';
export { openStore, type PoolSettings, type Store, type StoreOptions } from './open.ts';
export { isLostConnection } from './server-connection.ts';
export { StoreError, type StoreErrorKind } from './store-error.ts';
