/** Finds users who were created or invited a moment ago: there is no search, but the newest can be listed first. */
import { ProfileApiError } from './answer.ts';
import { type LookDepth, usualRows } from './look-depth.ts';
import type { Profile, ProfileId, UserId } from './profile.ts';
import type { ListPage, ReadPage } from './read-page.ts';

/** Who is looked for; whichever of the two fits. */
export interface Wanted {
  /** The `user_id` that a create answered with. */
  readonly userId?: UserId | undefined;
  readonly email?: string | undefined;
}

/** The profile; `undefined` where nobody was seen, which is no proof of absence; or why it can't be told which one it is. */
export type Sighting = Profile | undefined | ProfileApiError;

interface Finder {
  readonly readPage: ReadPage;
  /** Users per page of a listing: no page of a look is larger. */
  readonly pageSize: number;
  readonly listPath: string | undefined;
  readonly url: string;
  readonly depth: LookDepth;
}

/** A page on which those who are looked for may be. */
interface LikelyPage {
  readonly page: ListPage;
  /** Users who are newer than those on it, where the server sorts; infinitely many at the other end of the list. */
  readonly newer: number;
}

/** One of those who are looked for, and what was seen of them on the pages so far. */
interface Search {
  readonly wanted: Wanted;
  readonly withAddress: Map<ProfileId, Profile>;
  found?: Profile;
}

const newestPages = 3;
const oldestPages = 2;

/**
 * The profiles whose `user` is `userId`, else the only ones with the e-mail address (in any case of letters). Looks at
 * three pages, newest first (of the usual size: more of smaller ones), and at further ones while they show somebody who is
 * looked for; then at the last two, for servers that sort the other way or not at all. Ends as soon as everybody is found.
 * @returns a sighting for each, in their order; an error is of the kind `bad-record`: several profiles have the address
 *   and none has the `userId`
 * @throws {ProfileApiError} where a page can't be read
 */
export async function findNewestProfiles(
  finder: Finder,
  wanted: readonly Wanted[],
  signal?: AbortSignal,
): Promise<readonly Sighting[]> {
  const searches = wanted.map((one): Search => ({ wanted: one, withAddress: new Map() }));
  const open = new Set(searches);
  const atMost = (rows: number): number => Math.min(finder.pageSize, rows);
  const usual = atMost(usualRows(wanted.length));
  const learnt = atMost(finder.depth.rowsFor(wanted.length));
  // Whoever is known by their address alone may share it with somebody farther down.
  const size = wanted.every(({ userId }) => userId !== undefined) ? learnt : Math.max(usual, learnt);
  const pages = Math.max(newestPages, Math.ceil((newestPages * usual) / size));
  let deepest = 0;
  let openBefore = open.size;
  const showedSomebody = () => open.size < openBefore;
  for await (const { page, newer } of likelyPages({ ...finder, size, pages }, showedSomebody, signal)) {
    openBefore = open.size;
    const newOnes = byUserAndAddress(page.profiles);
    const found = new Set<Profile>();
    for (const search of open) {
      const profile = findAmong(newOnes, search);
      if (profile === undefined) continue;
      open.delete(search);
      found.add(profile);
    }
    if (found.size > 0) deepest = newer + page.profiles.findLastIndex((profile) => found.has(profile)) + 1;
    if (open.size === 0) break;
  }
  const isAmongNewest = open.size === 0 && deepest <= pages * size;
  finder.depth.foundWithin(isAmongNewest ? deepest : undefined, wanted.length);
  return searches.map((search) => sightingOf(search, finder.url));
}

async function* likelyPages(
  {
    readPage,
    listPath: configuredPath,
    size,
    pages,
  }: Finder & { readonly size: number; readonly pages: number },
  showedSomebody: () => boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<LikelyPage> {
  const asked = { size, order: 'newest-first', signal } as const;
  let listPath = configuredPath;
  let lastPage = 0;
  let page = 1;
  let newer = 0;
  for (; page <= pages || showedSomebody(); page += 1) {
    const answer = await readPage({ ...asked, page, listPath });
    if (answer.kind === 'past-the-end' || answer.rowCount === 0) return;
    yield { page: answer, newer };
    newer += answer.rowCount;
    listPath = answer.listPath;
    if (page === 1) lastPage = Math.ceil((answer.total ?? 0) / answer.rowCount);
  }
  for (let last = lastPage; last >= page; last -= 1) {
    if (last <= lastPage - oldestPages && !showedSomebody()) return;
    const answer = await readPage({ ...asked, page: last, listPath });
    if (answer.kind === 'page') yield { page: answer, newer: Number.POSITIVE_INFINITY };
  }
}

interface Seen {
  readonly byUser: ReadonlyMap<UserId, Profile>;
  readonly byAddress: ReadonlyMap<string, readonly Profile[]>;
}

function byUserAndAddress(profiles: readonly Profile[]): Seen {
  const byUser = new Map<UserId, Profile>();
  const byAddress = new Map<string, Profile[]>();
  for (const profile of profiles) {
    const { userId, email } = profile;
    if (userId !== undefined && !byUser.has(userId)) byUser.set(userId, profile);
    if (email === undefined) continue;
    const others = byAddress.get(addressKey(email));
    if (others === undefined) byAddress.set(addressKey(email), [profile]);
    else others.push(profile);
  }
  return { byUser, byAddress };
}

function findAmong({ byUser, byAddress }: Seen, search: Search): Profile | undefined {
  const { userId, email } = search.wanted;
  const profile = userId === undefined ? undefined : byUser.get(userId);
  if (profile !== undefined) {
    search.found = profile;
    return profile;
  }
  const namesakes = email === undefined ? [] : (byAddress.get(addressKey(email)) ?? []);
  for (const namesake of namesakes) search.withAddress.set(namesake.profileId, namesake);
  // Without an id to wait for, the first page with the address is enough.
  return userId === undefined ? namesakes[0] : undefined;
}

function sightingOf({ wanted, withAddress, found }: Search, url: string): Sighting {
  if (found !== undefined) return found;
  if (withAddress.size > 1) return severalWith(wanted.email ?? '', [...withAddress.keys()], url);
  return withAddress.values().next().value;
}

const addressKey = (email: string): string => email.trim().toLowerCase();

function severalWith(email: string, ids: readonly ProfileId[], url: string): ProfileApiError {
  return new ProfileApiError({
    answer: { kind: 'bad-record', status: undefined, sentence: undefined },
    message: `Could not find the profile of ${email} at ${url}: several profiles have that address (${ids.join(', ')}). Leave it to one of them, or tie the person to the right one by hand.`,
  });
}
