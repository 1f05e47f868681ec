/** Stores for tests: new, empty, of either kind, and gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { makeEmptyStore } from '../servers/embedded.ts';
import { createDatabase } from '../servers/postgres.ts';

/** A new folder, deleted by `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Fails the test run if a connection breaks that nobody broke on purpose. */
export const failOnError = (error: Error): void => {
  throw error;
};

export type TestStore = {
  readonly store: Store;
  readonly database: Config['database'];
  end(): Promise<void>;
};

/** A new, empty store, without tables. */
export async function newStore(kind: Store['kind']): Promise<TestStore> {
  if (kind === 'server') {
    const database = { url: await createDatabase() };
    const store = await openStore(database, { onError: failOnError });
    return { store, database, end: () => store.close() };
  }
  const folder = temporaryFolder();
  const database = { path: join(folder.path, 'store') };
  await makeEmptyStore(database.path);
  const store = await openStore(database, { onError: failOnError });
  return {
    store,
    database,
    end: async () => {
      await store.close();
      folder.remove();
    },
  };
}
