/** The org as it was listed, indexed for a reconciliation. */

import { RowIndex, TextHash } from '../compact/index.ts';
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { Profile, ProfileId } from '../profile-api/profile.ts';
import { emailKey } from './differences.ts';
import { PackedProfiles } from './packed-profiles.ts';

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
  /** Everybody, each once. */
  profiles(): Iterable<Profile>;
}

/** An org that is still being listed. */
export interface GrowingOrg extends Org {
  /** A profile that is listed twice, by pages that shifted, is one: as it was listed last. */
  add(profile: Profile): void;
}

/** An org of which everybody is known already. */
export function indexOrg(profiles: Iterable<Profile>): Org {
  const org = growingOrg();
  for (const profile of profiles) org.add(profile);
  return org;
}

/**
 * Profiles stay packed, since few of them are ever looked at again: a million take some 250 MB in place of 1,500. Nor are they
 * ordered before the first is looked for, which in a run that finds nothing to do is nobody.
 */
export function growingOrg(): GrowingOrg {
  const packed = new PackedProfiles();
  const ids = new RowIndex();
  const emails = new RowIndex();
  const usernames = new RowIndex();
  const hash = new TextHash();
  /** Found for few people, if any: entered when the first is looked for. */
  let userIds: Map<number, number> | undefined;
  const replaced = new Set<number>();
  let settled = 0;

  const rowsOf = (id: ProfileId): readonly number[] =>
    ids.all(hash.of(id)).filter((row) => packed.at(row).profileId === id);
  /** Rows of profiles that were listed once more after that. */
  const outdated = (): ReadonlySet<number> => {
    const repeated = ids.repeated();
    for (; settled < repeated.length; settled += 1) {
      const { profileId } = packed.at(repeated[settled] ?? 0);
      for (const earlier of rowsOf(profileId).slice(0, -1)) replaced.add(earlier);
    }
    return replaced;
  };
  const isThere = (row: number): boolean => !outdated().has(row);

  function* profiles(): Generator<Profile> {
    for (let row = 0; row < packed.size; row += 1) if (isThere(row)) yield packed.at(row);
  }

  return {
    get size() {
      return packed.size - outdated().size;
    },
    add(profile) {
      packed.add(profile);
      ids.add(hash.of(profile.profileId));
      emails.add(profile.email === undefined ? undefined : hash.of(emailKey(profile.email)));
      const username = usernameOf(profile);
      usernames.add(username === undefined ? undefined : hash.of(username));
      userIds = undefined;
    },
    byId(id) {
      const listed = ids.all(hash.of(id)).map((row) => packed.at(row));
      return listed.findLast(({ profileId }) => profileId === id);
    },
    byUserId(userId) {
      userIds ??= userIdsOf(packed, isThere);
      const row = userIds.get(userId);
      return row === undefined ? undefined : packed.at(row);
    },
    find(rule, value) {
      const key = rule === 'email' ? emailKey(value) : value.toLowerCase();
      const rows = (rule === 'email' ? emails : usernames).all(hash.of(key));
      const found = rows.filter(isThere).map((row) => packed.at(row));
      return found.filter((profile) =>
        rule === 'email' ? emailKey(profile.email ?? '') === key : usernameOf(profile) === key,
      );
    },
    profiles,
  };
}

function usernameOf({ attributes }: Profile): string | undefined {
  const username = attributes.actual_username;
  return typeof username === 'string' && username !== '' ? username.toLowerCase() : undefined;
}

function userIdsOf(packed: PackedProfiles, isThere: (row: number) => boolean): Map<number, number> {
  const rows = new Map<number, number>();
  for (let row = 0; row < packed.size; row += 1) {
    const { userId } = packed.at(row);
    if (userId !== undefined && isThere(row)) rows.set(userId, row);
  }
  return rows;
}
