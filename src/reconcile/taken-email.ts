/** No address is given to a second profile. Pure. */
import type { Member } from '../identity/person.ts';
import type { AttributeValue, ProfileId } from '../profile-api/profile.ts';
import { conflict, type Decision } from './decision.ts';
import type { Surroundings } from './surroundings.ts';

/** @param own - the profile that may have it already */
export function conflictOverEmail(
  member: Member,
  email: AttributeValue | undefined,
  own: ProfileId | undefined,
  { org, holderOf }: Surroundings,
): Decision | undefined {
  if (typeof email !== 'string') return undefined;
  const other = org.find('email', email).find((candidate) => candidate.profileId !== own);
  if (other === undefined) return undefined;
  const holder = holderOf(other.profileId);
  const whose =
    holder === undefined
      ? 'which is linked to nobody'
      : `which belongs to ${holder.label} of source ${holder.source}`;
  return conflict(
    holder === undefined ? 'email-taken' : 'email-held-by-other-person',
    other.profileId,
    member,
    `Their e-mail ${email} is already that of profile ${other.profileId}, ${whose}. Free it in the org, or mend it in the source.`,
  );
}
