/** Reads a search page by page (RFC 2696) and says whether it can prove to have seen everything. */
import { ConnectionError, type LdapConnection, type SearchPart } from './connection.ts';
import type { SearchEntry } from './entry.ts';
import type { LdapResult } from './messages.ts';
import type { Search } from './requests.ts';
import { describeResult, resultCode, shortList } from './result-codes.ts';

/** What reading all pages of a search came to. */
export type SearchOutcome =
  | { readonly kind: 'whole' }
  /** The server ended it with a result other than success. */
  | { readonly kind: 'refused'; readonly result: LdapResult; readonly reason: string }
  /** Everything here was seen, and other servers hold the rest: addresses of equal worth for each part. */
  | {
      readonly kind: 'referred';
      readonly references: readonly (readonly string[])[];
      readonly reason: string;
    }
  /** It ended, but something may be missing. */
  | { readonly kind: 'partial'; readonly reason: string }
  /** The connection broke. */
  | { readonly kind: 'broken'; readonly error: ConnectionError; readonly reason: string };

/** A server that sends this many pages without an entry in a row is going round in circles. */
const maxEmptyPages = 1_000;

/**
 * Yields a search's entries in chunks of about `pageSize` and returns how it ended; throws only if aborted. What comes
 * next is asked for before a chunk is handed on, so that server and consumer work at the same time.
 */
export async function* searchPages(
  connection: LdapConnection,
  search: Search,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<readonly SearchEntry[], SearchOutcome> {
  const references: (readonly string[])[] = [];
  let pagesBefore = 0;
  let emptyPages = 0;
  let onPage = 0;
  let hasEnded = false;
  try {
    let page = connection.search(search, { size: pageSize, cookie: undefined }, pageSize);
    let coming = ahead(page);
    for (;;) {
      const part = await coming;
      signal.throwIfAborted();
      const { entries, end } = part;
      onPage += entries.length;
      if (end === undefined) {
        coming = ahead(page);
        yield entries;
        continue;
      }

      references.push(...end.references);
      const { result } = end;
      const cookie = result.code === resultCode.success ? result.pageCookie : undefined;
      // A page without entries says nothing about the next one: only the empty cookie ends paging.
      emptyPages = onPage === 0 ? emptyPages + 1 : 0;
      if (cookie !== undefined && cookie.length > 0 && emptyPages <= maxEmptyPages) {
        page = connection.search(search, { size: pageSize, cookie }, pageSize);
        coming = ahead(page);
        pagesBefore += 1;
        onPage = 0;
        if (entries.length > 0) yield entries;
        continue;
      }
      hasEnded = true;
      if (entries.length > 0) yield entries;
      return judgeEnd({ result, references, emptyPages, isFirstPage: pagesBefore === 0, onPage, pageSize });
    }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return { kind: 'broken', error, reason: `The connection was lost while reading: ${error.message}.` };
  } finally {
    if (!hasEnded) connection.destroy();
  }
}

/** The next part of a search, on its way from now on. That it may fail is seen where it is awaited. */
function ahead(page: AsyncGenerator<SearchPart, void>): Promise<SearchPart> {
  const part = page.next().then(({ value }) => {
    if (value === undefined) throw new Error('A search came to its end twice.');
    return value;
  });
  part.catch(() => undefined);
  return part;
}

/**
 * The first page of a search, and nothing after it.
 *
 * @throws {ConnectionError} when the connection breaks; or the signal's reason.
 */
export async function readFirstPage(
  connection: LdapConnection,
  search: Search,
  size: number,
): Promise<{ readonly entries: readonly SearchEntry[]; readonly result: LdapResult }> {
  const read: SearchEntry[] = [];
  for await (const { entries, end } of connection.search(search, { size, cookie: undefined }, size)) {
    read.push(...entries);
    if (end !== undefined) return { entries: read, result: end.result };
  }
  throw new Error('A search ended without an end.');
}

interface LastPage {
  readonly result: LdapResult;
  readonly references: readonly (readonly string[])[];
  readonly emptyPages: number;
  readonly isFirstPage: boolean;
  readonly onPage: number;
  readonly pageSize: number;
}

function judgeEnd(page: LastPage): SearchOutcome {
  const { result, references, emptyPages, isFirstPage, onPage, pageSize } = page;
  if (result.code !== resultCode.success) {
    return { kind: 'refused', result, reason: `The server ended the search with ${describeResult(result)}.` };
  }
  if (emptyPages > maxEmptyPages) {
    return {
      kind: 'partial',
      reason: `The server sent ${emptyPages} pages without an entry one after another.`,
    };
  }
  if (result.pageCookie === undefined && !isFirstPage) {
    return {
      kind: 'partial',
      reason: 'The server stopped paging without saying that it had sent the last page.',
    };
  }
  // No paging at all: success means everything, unless exactly a page came, which looks like paging with its
  // control lost on the way.
  if (result.pageCookie === undefined && onPage === pageSize) {
    return {
      kind: 'partial',
      reason: `The server sent exactly one page of ${pageSize} entries and not whether more follow. Allow paged results, or change pageSize.`,
    };
  }
  if (references.length > 0) {
    return {
      kind: 'referred',
      references,
      reason: `Parts of the tree are on other servers and were not followed: ${shortList(references.flat())}. Make them sources of their own, choose a base without them, or set referrals.follow.`,
    };
  }
  return { kind: 'whole' };
}
