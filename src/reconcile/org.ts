/** The org as it was listed, indexed for a reconciliation. */
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { Profile, ProfileId } from '../profile-api/profile.ts';
import { emailKey } from './differences.ts';

/** By which rule an existing profile is found in the org for somebody new. */
export type ProfileRule = 'email' | 'username';

/** The same, or by the link of somebody with the same employee number: a person who had another id before. */
export type CorrelationRule = ProfileRule | 'employee-number';

/** Who holds a profile, where a link says so. */
export interface Holder {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string;
  /** The number that HR knows them by, as their source last told it. */
  readonly employeeNumber?: string | undefined;
  /** Since when their source says that they left or are gone; undefined where it has them. */
  readonly awaySince?: Date | undefined;
  /** Whether HR's or an operator's word stands that they have left, whatever their source says. */
  readonly hasDeparted?: boolean | undefined;
  /** Whether the profile is inactive by our own doing. */
  readonly deactivatedByUs?: boolean;
}

/** The org's users, to be looked up. */
export interface Org {
  readonly size: number;
  /** The user of that profile id. */
  byId(id: ProfileId): Profile | undefined;
  /** The user of that `user_id`. */
  byUserId(userId: number): Profile | undefined;
  /** Every profile that the rule finds; more than one is a conflict. */
  find(rule: ProfileRule, value: string): readonly Profile[];
}

/** A profile that is listed twice, by pages that shifted, is one: as it was listed last. */
export function indexOrg(profiles: Iterable<Profile>): Org {
  const ids = new Map<ProfileId, Profile>();
  for (const profile of profiles) ids.set(profile.profileId, profile);
  const userIds = new Map<number, Profile>();
  const emails = new Map<string, Profile[]>();
  const usernames = new Map<string, Profile[]>();
  for (const profile of ids.values()) {
    if (profile.userId !== undefined) userIds.set(profile.userId, profile);
    if (profile.email !== undefined) put(emails, emailKey(profile.email), profile);
    const username = profile.attributes.actual_username;
    if (typeof username === 'string' && username !== '') put(usernames, username.toLowerCase(), profile);
  }
  return {
    size: ids.size,
    byId: (id) => ids.get(id),
    byUserId: (userId) => userIds.get(userId),
    find: (rule, value) =>
      (rule === 'email' ? emails.get(emailKey(value)) : usernames.get(value.toLowerCase())) ?? [],
  };
}

function put(index: Map<string, Profile[]>, key: string, profile: Profile): void {
  const present = index.get(key);
  if (present === undefined) index.set(key, [profile]);
  else present.push(profile);
}
