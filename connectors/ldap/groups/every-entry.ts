import { searchTree } from '../server/referrals.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Search } from '../wire/requests.ts';

/**
 * Hands on every entry that a search finds.
 *
 * @returns why there may be more of them; undefined where all were found
 * @throws {ConnectionError} when the connection breaks
 */
export async function takeEveryEntry(
  connection: LdapConnection,
  config: LdapSettings,
  search: Search,
  signal: AbortSignal,
  take: (entry: SearchEntry) => void,
): Promise<string | undefined> {
  const pages = searchTree(connection, config, search, signal);
  let step = await pages.next();
  while (!step.done) {
    for (const entry of step.value) take(entry);
    step = await pages.next();
  }
  if (step.value.kind === 'broken') throw step.value.error;
  return step.value.kind === 'whole' ? undefined : step.value.reason;
}
