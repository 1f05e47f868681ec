import type { LdapConnection, SearchEnd } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Search } from '../wire/requests.ts';

/** A search without pages, for controls that have a way of their own to go on. */
export async function searchOnce(
  connection: LdapConnection,
  search: Search,
  onEntry: (entry: SearchEntry) => void,
): Promise<SearchEnd> {
  for await (const { entries, end } of connection.search(search, undefined, 1_000)) {
    for (const entry of entries) onEntry(entry);
    if (end !== undefined) return end;
  }
  throw new Error('A search ended without an end.');
}
