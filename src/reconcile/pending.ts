/** Who can be decided about only when everybody was seen and what was asked is answered. Pure. */
import type { Leaver, Member } from '../identity/person.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import type { Adoption } from './ruled.ts';
import type { Predecessor } from './same-person.ts';

export type Pending =
  | { readonly kind: 'unlisted'; readonly person: Member | Leaver; readonly id: ProfileId }
  | { readonly kind: 'invited'; readonly member: Member; readonly link: Link }
  | { readonly kind: 'ruled'; readonly member: Member; readonly ruling: Adoption }
  | { readonly kind: 'succeeds'; readonly member: Member; readonly predecessor: Predecessor };

/** The profile that is to become theirs, where it may be somebody else's now. */
export function claimedBy(what: Pending): ProfileId | undefined {
  if (what.kind === 'ruled') return what.ruling.profileId;
  return what.kind === 'succeeds' ? what.predecessor.profileId : undefined;
}
