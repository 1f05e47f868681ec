/** As much of the org as a few linked people need: their own profiles. Pure. */
import type { Profile, ProfileId } from '../../profile-api/profile.ts';
import { indexOrg, type LinkedProfile, type Org } from '../../reconcile/index.ts';

export interface KnownOrg {
  readonly org: Org;
  /** Whether somebody was looked for whom only the whole org can tell: then what came of it is worth nothing. */
  wasSearched(): boolean;
}

export function knownOrg(profiles: ReadonlyMap<ProfileId, LinkedProfile>): KnownOrg {
  const there = [...profiles.values()].flatMap((one): readonly Profile[] =>
    one.kind === 'there' ? [one.profile] : [],
  );
  const { size, byId, profiles: everybody } = indexOrg(there);
  let wasSearched = false;
  return {
    org: {
      size,
      byId,
      profiles: everybody,
      byUserId() {
        wasSearched = true;
        return undefined;
      },
      find() {
        wasSearched = true;
        return [];
      },
    },
    wasSearched: () => wasSearched,
  };
}
