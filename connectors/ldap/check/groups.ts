/** What `check` says about groups: how they are read, and what a sample of people is in. */

import type { ProbeFinding } from '../../connector.ts';
import { openGroups } from '../groups/book.ts';
import type { LdapSettings } from '../vendor/settings.ts';
import type { LdapConnection } from '../wire/connection.ts';
import type { SearchEntry } from '../wire/entry.ts';
import type { Filter } from '../wire/filter.ts';
import { readFirstPage } from '../wire/pages.ts';
import { shortList } from '../wire/result-codes.ts';

/**
 * Reads the groups as a run would, and looks at a few people.
 *
 * @throws {SourceError} when the connection breaks.
 */
export async function probeGroups(
  connection: LdapConnection,
  config: LdapSettings,
  peopleFilter: Filter,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  // Nothing is being read meanwhile, so that one connection is enough.
  const another = async () => connection;
  const book = await openGroups({ config, peopleFilter, connection, another, signal });
  const search = {
    base: config.baseDn,
    scope: 'sub',
    filter: peopleFilter,
    attributes: [...book.attributes],
  } as const;
  const { entries } = await readFirstPage(connection, search, config.pageSize);
  const groupsOf = await book.look(entries);
  const counted = entries.map((entry) => groupsOf(entry));
  return describe(entries, counted, book.way, book.doubt());
}

function describe(
  entries: readonly SearchEntry[],
  counted: readonly (readonly string[])[],
  way: string,
  doubt: string | undefined,
): ProbeFinding {
  if (doubt !== undefined) {
    const mend = 'Until that is mended, runs deactivate nobody, since rules ask for user.groups.';
    return { ok: false, text: doubt.replace(/\.$/, ''), mend };
  }
  const names = [...new Set(counted.flat())];
  const inSome = counted.filter((groups) => groups.length > 0).length;
  const text = `Groups are read ${way}: of ${entries.length} people sampled, ${inSome} are in some, such as ${shortList(names)}`;
  return { ok: true, text, mend: undefined };
}
