/** Which profiles a reconciliation may come to, besides those of the links that it is given. Pure. */
import type { Person } from '../identity/person.ts';
import type { Profile, ProfileId } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import type { Ruling } from '../store/people/ruling.ts';
import type { Org } from './org.ts';

/** Profiles to which rules of correlation, links without a profile, or operators' words lead: who holds them matters. */
export function inQuestion(
  org: Org,
  people: readonly Person[],
  links: readonly Link[],
  rulings: readonly Ruling[],
): ReadonlySet<ProfileId> {
  const ids = new Set<ProfileId>();
  const add = (found: readonly Profile[]): void => {
    for (const { profileId } of found) ids.add(profileId);
  };
  for (const person of people) {
    if (person.kind !== 'member') continue;
    add(org.find('email', person.email));
    const { username } = person.desired;
    if (typeof username === 'string') add(org.find('username', username));
  }
  for (const { profileId, email, userId } of links) {
    if (profileId !== undefined) continue;
    if (email !== undefined) add(org.find('email', email));
    const created = userId === undefined ? undefined : org.byUserId(userId);
    if (created !== undefined) add([created]);
  }
  for (const ruling of rulings) if (ruling.kind === 'adopt') ids.add(ruling.profileId);
  return ids;
}
