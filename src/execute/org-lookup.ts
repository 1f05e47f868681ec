/** Finds the profiles of people who were created a moment ago, and of those whose answer was lost. */

import { type Profile, ProfileApiError, type Wanted } from '../profile-api/index.ts';
import { emailKey } from '../reconcile/index.ts';
import { type Rhythm, together } from './together.ts';
import type { LookingApi } from './watched-api.ts';

export type LookupAnswer =
  | { readonly kind: 'found'; readonly profile: Profile }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unsure'; readonly reason: string };

export interface OrgLookup {
  /**
   * Somebody whose creation was answered: in a look at the newest that began after this call, together with all others
   * who ask in the meantime. `undefined` is no proof of absence.
   * @throws {ProfileApiError} where the look failed, for everybody in it, or where it can't be told which profile is theirs
   */
  newest(wanted: Wanted): Promise<Profile | undefined>;
  /** Newest first, then the whole listing, begun after this call: an older one could not show what was just made. */
  byEmail(email: string): Promise<LookupAnswer>;
  /** The same for many at once. */
  byEmails(emails: readonly string[]): Promise<LookedUp>;
}

export interface LookedUp {
  /** By the address in the form of `emailKey`. */
  readonly found: ReadonlyMap<string, Profile>;
  /** Why those who were not found may be there all the same; undefined where they are not. */
  readonly doubt: string | undefined;
}

interface Listing {
  readonly byEmail: ReadonlyMap<string, Profile>;
  readonly doubt: string | undefined;
}

/** Who is looked for at once, at most. */
const lookedForTogether = 200;

/** How looks are made, and when. */
export interface Looks {
  readonly findNewest: LookingApi['findNewest'];
  readonly rhythm?: Rhythm;
}

/**
 * Look-ups that come while a look or a listing is under way share the next one: 500 lost answers cost a few listings, not 500.
 * @param signal - breaks off all of them: those of one worker
 */
export function orgLookup(
  api: LookingApi,
  signal: AbortSignal,
  { findNewest, rhythm }: Looks = api,
): OrgLookup {
  // A look that began before somebody was there can't have shown them; so each is for those alone who asked before it.
  const newest = together(
    async (wanted: readonly Wanted[]) => {
      const sightings = await findNewest(wanted, signal);
      return sightings.map((one) => (one instanceof ProfileApiError ? Promise.reject(one) : one));
    },
    lookedForTogether,
    rhythm,
  );

  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<Listing> | undefined;

  const freshListing = (): Promise<Listing> => {
    if (next !== undefined) return next;
    const mine = current.then(() => {
      next = undefined;
      return readListing(api, signal);
    });
    next = mine;
    current = mine.catch(() => undefined);
    return mine;
  };

  return {
    newest,
    async byEmail(email) {
      const recent = await newest({ email });
      if (recent !== undefined) return { kind: 'found', profile: recent };
      const listing = await freshListing();
      const profile = listing.byEmail.get(emailKey(email));
      if (profile !== undefined) return { kind: 'found', profile };
      if (listing.doubt !== undefined) return { kind: 'unsure', reason: listing.doubt };
      return { kind: 'absent' };
    },
    async byEmails(emails) {
      const wanted = new Set(emails.map(emailKey));
      const recent = await newestAmong(api, wanted, signal);
      if (recent.size === wanted.size) return { found: recent, doubt: undefined };
      const { byEmail, doubt } = await freshListing();
      const found = [...wanted].flatMap((email) => {
        const profile = byEmail.get(email) ?? recent.get(email);
        return profile === undefined ? [] : [[email, profile] as const];
      });
      return { found: new Map(found), doubt };
    },
  };
}

/** Those who were made a moment ago are on the first pages, newest first, where the server sorts; a page without any of them ends it. */
async function newestAmong(
  api: LookingApi,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Profile>> {
  const found = new Map<string, Profile>();
  for (let page = 1; found.size < wanted.size; page += 1) {
    const answer = await api.listPage({ page, order: 'newest-first', signal });
    if (answer.kind === 'past-the-end') break;
    const before = found.size;
    for (const profile of answer.profiles) {
      const key = profile.email === undefined ? undefined : emailKey(profile.email);
      if (key !== undefined && wanted.has(key)) found.set(key, profile);
    }
    if (found.size === before) break;
  }
  return found;
}

async function readListing(api: LookingApi, signal: AbortSignal): Promise<Listing> {
  const byEmail = new Map<string, Profile>();
  let doubt: string | undefined = 'The listing of the org broke off.';
  for await (const event of api.listProfiles({ signal })) {
    if (event.kind === 'end') doubt = event.settled ? undefined : event.doubt;
    else
      for (const profile of event.profiles)
        if (profile.email !== undefined) byEmail.set(emailKey(profile.email), profile);
  }
  return { byEmail, doubt };
}
