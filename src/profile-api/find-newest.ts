/** Finds a user who was created or invited a moment ago: there is no search, but the newest can be listed first. */
import { ProfileApiError } from './answer.ts';
import type { Profile, ProfileId, UserId } from './profile.ts';
import type { ListPage, ReadPage } from './read-page.ts';

/** Who is looked for; whichever of the two fits. */
export interface Wanted {
  /** The `user_id` that a create answered with. */
  readonly userId?: UserId | undefined;
  readonly email?: string | undefined;
}

interface Finder {
  readonly readPage: ReadPage;
  readonly pageSize: number;
  readonly listPath: string | undefined;
  readonly url: string;
}

const newestPages = 3;
const oldestPages = 2;

/**
 * The profile whose `user` is `userId`, else the only one with the e-mail address (in any case of letters). Looks at
 * three pages, newest first, and then at the last two, for servers that sort the other way or not at all.
 * @returns `undefined` when it is on none of them, which does not prove that it does not exist
 * @throws {ProfileApiError} `bad-record`, when several profiles have the address and none has the `userId`
 */
export async function findNewestProfile(
  finder: Finder,
  wanted: Wanted,
  signal?: AbortSignal,
): Promise<Profile | undefined> {
  const byEmail = new Map<ProfileId, Profile>();
  for await (const page of likelyPages(finder, signal)) {
    const byUser = page.profiles.find((one) => wanted.userId !== undefined && one.userId === wanted.userId);
    if (byUser !== undefined) return byUser;
    for (const profile of page.profiles) {
      if (hasEmail(profile, wanted.email)) byEmail.set(profile.profileId, profile);
    }
    // Without an id to wait for, the first page with the address is enough.
    if (wanted.userId === undefined && byEmail.size > 0) break;
  }
  if (byEmail.size > 1) throw severalWith(wanted.email ?? '', [...byEmail.keys()], finder.url);
  return byEmail.values().next().value;
}

async function* likelyPages(finder: Finder, signal: AbortSignal | undefined): AsyncGenerator<ListPage> {
  const asked = { size: finder.pageSize, order: 'newest-first', signal } as const;
  let { listPath } = finder;
  let lastPage = 0;
  for (let page = 1; page <= newestPages; page += 1) {
    const answer = await finder.readPage({ ...asked, page, listPath });
    if (answer.kind === 'past-the-end' || answer.rowCount === 0) return;
    yield answer;
    listPath = answer.listPath;
    if (page === 1) lastPage = Math.ceil((answer.total ?? 0) / answer.rowCount);
  }
  for (let page = lastPage; page > Math.max(newestPages, lastPage - oldestPages); page -= 1) {
    const answer = await finder.readPage({ ...asked, page, listPath });
    if (answer.kind === 'page') yield answer;
  }
}

function hasEmail(profile: Profile, email: string | undefined): boolean {
  if (email === undefined || profile.email === undefined) return false;
  return profile.email.trim().toLowerCase() === email.trim().toLowerCase();
}

function severalWith(email: string, ids: readonly ProfileId[], url: string): ProfileApiError {
  return new ProfileApiError({
    answer: { kind: 'bad-record', status: undefined, sentence: undefined },
    message: `Could not find the profile of ${email} at ${url}: several profiles have that address (${ids.join(', ')}). Leave it to one of them, or tie the person to the right one by hand.`,
  });
}
