/** Reads a search page by page (RFC 2696) and says whether it can prove to have seen everything. */
import { ConnectionError, type LdapConnection } from './connection.ts';
import type { SearchEntry } from './entry.ts';
import type { LdapResult } from './messages.ts';
import type { Search } from './requests.ts';
import { describeResult, resultCode, shortList } from './result-codes.ts';

/** What reading all pages of a search came to. */
export type SearchOutcome =
  | { readonly kind: 'whole' }
  /** The server ended it with a result other than success. */
  | { readonly kind: 'refused'; readonly result: LdapResult; readonly reason: string }
  /** It ended, but something may be missing. */
  | { readonly kind: 'partial'; readonly reason: string }
  /** The connection broke. */
  | { readonly kind: 'broken'; readonly error: ConnectionError; readonly reason: string };

/** A server that sends this many pages without an entry in a row is going round in circles. */
const maxEmptyPages = 1_000;

/** Yields a search's entries in chunks of about `pageSize` and returns how it ended; throws only if aborted. */
export async function* searchPages(
  connection: LdapConnection,
  search: Search,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<readonly SearchEntry[], SearchOutcome> {
  const references: string[] = [];
  let cookie: Buffer | undefined;
  let emptyPages = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      let onPage = 0;
      const page = connection.search(search, { size: pageSize, cookie }, pageSize);
      let step = await page.next();
      while (!step.done) {
        onPage += step.value.length;
        yield step.value;
        signal.throwIfAborted();
        step = await page.next();
      }
      const { result } = step.value;
      references.push(...step.value.references);
      if (result.code !== resultCode.success) {
        return {
          kind: 'refused',
          result,
          reason: `The server ended the search with ${describeResult(result)}.`,
        };
      }

      const next = result.pageCookie;
      if (next !== undefined && next.length > 0) {
        // A page without entries says nothing about the next one: only the empty cookie ends paging.
        emptyPages = onPage === 0 ? emptyPages + 1 : 0;
        if (emptyPages > maxEmptyPages) {
          return {
            kind: 'partial',
            reason: `The server sent ${emptyPages} pages without an entry one after another.`,
          };
        }
        cookie = next;
        continue;
      }
      return judgeEnd({
        references,
        isFirstPage: cookie === undefined,
        isPaged: next !== undefined,
        onPage,
        pageSize,
      });
    }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return { kind: 'broken', error, reason: `The connection was lost while reading: ${error.message}.` };
  }
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
  const entries: SearchEntry[] = [];
  const page = connection.search(search, { size, cookie: undefined }, size);
  let step = await page.next();
  while (!step.done) {
    entries.push(...step.value);
    step = await page.next();
  }
  return { entries, result: step.value.result };
}

interface LastPage {
  readonly references: readonly string[];
  readonly isFirstPage: boolean;
  /** Whether the answer said, by its control, that no page follows. */
  readonly isPaged: boolean;
  readonly onPage: number;
  readonly pageSize: number;
}

function judgeEnd({ references, isFirstPage, isPaged, onPage, pageSize }: LastPage): SearchOutcome {
  if (references.length > 0) {
    return {
      kind: 'partial',
      reason: `Parts of the tree are on other servers and were not followed: ${shortList(references)}. Make them sources of their own, or choose a base without them.`,
    };
  }
  if (isPaged) return { kind: 'whole' };
  if (!isFirstPage) {
    return {
      kind: 'partial',
      reason: 'The server stopped paging without saying that it had sent the last page.',
    };
  }
  // No paging at all: success means everything, unless exactly a page came, which looks like paging with its
  // control lost on the way.
  if (onPage === pageSize) {
    return {
      kind: 'partial',
      reason: `The server sent exactly one page of ${pageSize} entries and not whether more follow. Allow paged results, or change pageSize.`,
    };
  }
  return { kind: 'whole' };
}
