/** One page of the org's user list. */
import type { Addresses } from './address.ts';
import { plainAddress } from './address.ts';
import { notUnderstood, ProfileApiError } from './answer.ts';
import { findList } from './find-list.ts';
import { parseProfile, type UnreadableRow } from './parse-profile.ts';
import type { AttributeValue, Profile } from './profile.ts';
import type { Transport } from './transport.ts';

/** Which page is asked for. */
export interface PageAsked {
  /** From 1. */
  readonly page: number;
  /** Users per page; a server may give fewer. */
  readonly size: number;
  readonly order: 'oldest-first' | 'newest-first' | 'unsorted';
  /** Where the list was found on an earlier page, or is by configuration. */
  readonly listPath: string | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface ProfileRows {
  readonly profiles: readonly Profile[];
  /** Rows that are no profile. They are named, and stop nothing. */
  readonly unreadable: readonly UnreadableRow[];
}

/** The users of one page, and those of its rows that are none. */
export interface ListPage extends ProfileRows {
  readonly kind: 'page';
  readonly rowCount: number;
  /** How many users the server says there are in all. */
  readonly total: number | undefined;
  readonly listPath: string;
  /** Differs when anything on the page differs. Only made for pages without a readable profile. */
  readonly fingerprint: string | undefined;
}

/** `past-the-end`: the server refuses this page as one that does not exist. */
export type PageAnswer = ListPage | { readonly kind: 'past-the-end' };

export type ReadPage = (asked: PageAsked) => Promise<PageAnswer>;

/** Makes the function that reads pages through a transport. */
export function pageReader(transport: Transport, addresses: Addresses): ReadPage {
  return async (asked) => {
    const address = addresses.list({
      items_per_page: String(asked.size),
      page: String(asked.page),
      ...(asked.order !== 'unsorted' && { sort: 'creation_time' }),
      ...(asked.order === 'newest-first' && { reverse: 'true' }),
    });
    const what = `read page ${asked.page} of the user list`;
    try {
      const reply = await transport.send({
        what,
        method: 'GET',
        effect: 'read',
        address,
        signal: asked.signal,
      });
      const complain = (complaint: string) =>
        notUnderstood({ what, url: plainAddress(address), effect: 'read' }, reply.status, complaint);
      if (reply.body.kind !== 'json') throw complain('the answer is empty. Check profileApi.url.');
      const found = findList(reply.body.value, asked.listPath);
      if (!found.ok) throw complain(found.complaint);
      const rows = parseRows(found.rows);
      return {
        kind: 'page',
        ...rows,
        rowCount: found.rows.length,
        total: found.total,
        listPath: found.path,
        fingerprint: rows.profiles.length === 0 ? JSON.stringify(found.rows) : undefined,
      };
    } catch (error) {
      if (asked.page > 1 && isPastTheEnd(error)) return { kind: 'past-the-end' };
      throw error;
    }
  };
}

/** Rows of a list, the unreadable ones apart. */
export function parseRows(rows: readonly AttributeValue[]): ProfileRows {
  const parsed = rows.map(parseProfile);
  return {
    profiles: parsed.flatMap((one) => (one.ok ? [one.profile] : [])),
    unreadable: parsed.flatMap((one) => (one.ok ? [] : [one.row])),
  };
}

/** Paginators of Django say 404 "Invalid page.", or "That page contains no results". */
function isPastTheEnd(error: unknown): boolean {
  if (!(error instanceof ProfileApiError)) return false;
  const { kind, sentence } = error.answer;
  return kind === 'not-found' || (kind === 'bad-record' && /\bpage\b/i.test(sentence ?? ''));
}
