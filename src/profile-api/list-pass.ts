/** One pass over all pages of the user list, and what it is worth. */
import { TextSet } from '../compact/index.ts';
import { ProfileApiError } from './answer.ts';
import type { UnreadableRow } from './parse-profile.ts';
import type { Profile, ProfileId } from './profile.ts';
import type { ListPage, PageAsked, ReadPage } from './read-page.ts';

/** A server that still has new users on this page is making them up. */
const maxPages = 20_000;
const maxBarrenPages = 3;

export interface PassPage {
  readonly page: number;
  /** Without those that this pass has had already. */
  readonly profiles: readonly Profile[];
  readonly unreadable: readonly UnreadableRow[];
}

/** What a pass saw, for {@link judgePass}. */
export interface PassRecord {
  readonly ids: Pick<TextSet<ProfileId>, 'size' | 'has' | typeof Symbol.iterator>;
  readonly unreadableCount: number;
  /** Each page's total, if it offered one, beside the number of its rows. */
  readonly totals: readonly { readonly total: number; readonly rowCount: number }[];
  /** A profile came twice on different pages, so the pages moved while they were read. */
  readonly hasShifted: boolean;
  /** The pages themselves make no sense, in a sentence. */
  readonly doubt: string | undefined;
}

/** How far a listing can be relied on. `counted`: as many were seen as the server says there are. */
export type Trust =
  | { readonly settled: true; readonly counted: boolean }
  | { readonly settled: false; readonly doubt: string };

/**
 * Reads pages until the server has no more. A short page is not the end, since servers cap the page size; the end is
 * an empty page, a page that does not exist, or the last page again. While one page is worked on, the next is on its way.
 */
export async function* readPass(
  readPage: ReadPage,
  asked: Omit<PageAsked, 'page'>,
): AsyncGenerator<PassPage, PassRecord> {
  const ids = new TextSet<ProfileId>();
  const totals: { total: number; rowCount: number }[] = [];
  let unreadableCount = 0;
  let hasShifted = false;
  let doubt: string | undefined;
  let barrenPages = 0;
  let previous: ListPage | undefined;
  let coming = readOrEnd(readPage, { ...asked, page: 1 }, 0, undefined);

  for (let page = 1; ; page += 1) {
    const answer = await coming;
    if (answer.kind === 'past-the-end') break;
    if (answer.total !== undefined) totals.push({ total: answer.total, rowCount: answer.rowCount });
    if (answer.rowCount === 0) break;
    const isNews = answer.profiles.some(({ profileId }) => !ids.has(profileId));
    if (previous !== undefined && !isNews && repeats(answer, previous)) {
      if (page === 2 && answer.rowCount === asked.size) {
        doubt = 'Every page number brings the same page, so the server seems to ignore it.';
      }
      break;
    }

    // Of one that is twice on this page, the last.
    const fresh = new Map<ProfileId, Profile>();
    for (const profile of answer.profiles) {
      if (ids.add(profile.profileId) || fresh.has(profile.profileId)) fresh.set(profile.profileId, profile);
      else hasShifted = true;
    }
    barrenPages = !isNews && answer.profiles.length > 0 ? barrenPages + 1 : 0;
    if (barrenPages >= maxBarrenPages) {
      doubt = 'Pages come again and again, without an end.';
      break;
    }
    unreadableCount += answer.unreadable.length;
    const found = { page, profiles: [...fresh.values()], unreadable: answer.unreadable };
    if (page === maxPages) {
      doubt = `The list has not ended after ${maxPages} pages.`;
      yield found;
      break;
    }
    const next = { ...asked, page: page + 1, listPath: answer.listPath };
    coming = readOrEnd(readPage, next, ids.size + unreadableCount, totals.at(-1)?.total);
    // That it may fail is seen where it is awaited.
    coming.catch(() => undefined);
    yield found;
    previous = answer;
  }
  return { ids, unreadableCount, totals, hasShifted, doubt };
}

/** What a pass is worth by itself. Pure. */
export function judgePass(pass: PassRecord): Trust {
  const unsettled = (doubt: string): Trust => ({ settled: false, doubt });
  const seen = pass.ids.size + pass.unreadableCount;
  if (pass.doubt !== undefined) return unsettled(pass.doubt);
  if (pass.ids.size === 0 && pass.unreadableCount > 0) {
    return unsettled(`None of the ${pass.unreadableCount} rows of the list could be read as a profile.`);
  }
  // A "count" that is always the number of rows on the page says nothing about the org.
  const countsPages =
    pass.totals.length > 1 && pass.totals.every(({ total, rowCount }) => total === rowCount);
  const first = countsPages ? undefined : pass.totals[0]?.total;
  const last = countsPages ? undefined : pass.totals.at(-1)?.total;
  if (first !== last) return unsettled(`The total went from ${first} to ${last} while the list was read.`);
  if (first !== undefined && seen < first) {
    return unsettled(`Only ${seen} of ${first} users came up in the list.`);
  }
  if (first !== undefined && seen === first) return { settled: true, counted: true };
  if (pass.hasShifted) return unsettled('Users moved from page to page while the list was read.');
  return { settled: true, counted: false };
}

/** Some servers fail on a page past the end; where the total says that all were seen, it is the end. */
async function readOrEnd(readPage: ReadPage, asked: PageAsked, seen: number, total: number | undefined) {
  try {
    return await readPage(asked);
  } catch (error) {
    const isServerError = error instanceof ProfileApiError && error.answer.status === 500;
    if (isServerError && asked.page > 1 && total !== undefined && seen >= total) {
      return { kind: 'past-the-end' } as const;
    }
    throw error;
  }
}

/** Paginators that clamp the page number give the last page again, for ever. */
function repeats(page: ListPage, previous: ListPage): boolean {
  if (page.fingerprint !== undefined) return page.fingerprint === previous.fingerprint;
  const before = new Set(previous.profiles.map((one) => one.profileId));
  return page.profiles.every((one) => before.has(one.profileId));
}
