/** What a decision about one person looks at besides the person. Pure. */
import type { SourceId } from '../identity/identity.ts';
import type { Member } from '../identity/person.ts';
import type { Profile, ProfileId } from '../profile-api/profile.ts';
import type { Decision } from './decision.ts';
import type { Holder, Org } from './org.ts';
import type { Policy } from './policy.ts';
import type { Predecessor } from './same-person.ts';

/** What else there is, and may concern them. */
export interface Surroundings {
  readonly source: SourceId;
  readonly org: Org;
  /** Who holds a profile by a link, in any source. */
  holderOf(profile: ProfileId): Holder | undefined;
  /** Profiles of others with this employee number, in any source. */
  numbered(employeeNumber: string, than: Member): readonly Predecessor[];
  /** What becomes of a member whom a rule leads to somebody else's profile; undefined where they are two people. */
  succeed(member: Member, predecessor: Predecessor): Decision | undefined;
  readonly policy: Policy;
}

/** A profile that a link names: as listed, or found out to be gone. */
export type LinkedProfile =
  | { readonly kind: 'there'; readonly profile: Profile }
  | { readonly kind: 'deleted' };
