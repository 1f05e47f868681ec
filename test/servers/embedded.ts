/** Embedded stores to start from: a new, empty one takes five seconds to make, a copy of one a quarter of a second. */
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../src/store/embedded/open-embedded.ts';
import { sharedServer } from './shared.ts';

/** The folder of a store that nobody has open: for copying only. */
export async function emptyStore(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-empty-store-'));
  await (await openEmbedded(folder)).close();
  return folder;
}

/** Puts an empty store, without tables, where there is none yet: as the first start there would. */
export async function makeEmptyStore(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await cp(join(await sharedServer('embedded-store'), 'data'), join(path, 'data'), { recursive: true });
}
