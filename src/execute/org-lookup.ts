/** Finds out whether somebody has a profile after all, once an answer was lost. */

import type { Profile } from '../profile-api/index.ts';
import { emailKey } from '../reconcile/index.ts';
import type { OperationApi } from './watched-api.ts';

export type LookupAnswer =
  | { readonly kind: 'found'; readonly profile: Profile }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unsure'; readonly reason: string };

export interface OrgLookup {
  /** Newest first, then the whole listing, begun after this call: an older one could not show what was just made. */
  byEmail(email: string, signal: AbortSignal): Promise<LookupAnswer>;
}

interface Listing {
  readonly byEmail: ReadonlyMap<string, Profile>;
  readonly doubt: string | undefined;
}

/** Look-ups that come while a listing is under way share the next one: 500 lost answers cost a few listings, not 500. */
export function orgLookup(api: OperationApi): OrgLookup {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<Listing> | undefined;

  const freshListing = (signal: AbortSignal): Promise<Listing> => {
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
    async byEmail(email, signal) {
      const recent = await api.findNewest({ userId: undefined, email }, signal);
      if (recent !== undefined) return { kind: 'found', profile: recent };
      const listing = await freshListing(signal);
      const profile = listing.byEmail.get(emailKey(email));
      if (profile !== undefined) return { kind: 'found', profile };
      if (listing.doubt !== undefined) return { kind: 'unsure', reason: listing.doubt };
      return { kind: 'absent' };
    },
  };
}

async function readListing(api: OperationApi, signal: AbortSignal): Promise<Listing> {
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
