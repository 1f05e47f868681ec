/** The org's side: profiles as its API lists them, and the links that tie people to them. */
import type { Profile, ProfileAttributes, ProfileId, UserId } from '../../src/profile-api/profile.ts';
import type { Link } from '../../src/store/people/link.ts';
import { anchor, sourceId } from './people.ts';

export const profileId = (id: string): ProfileId => id as ProfileId;
export const userId = (id: number): UserId => id as UserId;

interface ProfileChanges {
  readonly id?: string;
  readonly userId?: number;
  readonly email?: string;
  readonly isActive?: boolean;
  readonly username?: string;
  /** What the API returns besides id, e-mail address and state. */
  readonly attributes?: ProfileAttributes;
}

/** One user of the org. */
export function profile(changes: ProfileChanges = {}): Profile {
  const { id = 'P-ann', userId: user, email = 'ann@example.com', isActive = true, username } = changes;
  return {
    profileId: profileId(id),
    userId: user === undefined ? undefined : userId(user),
    email,
    isActive,
    attributes: {
      profile_id: id,
      ...(user === undefined ? {} : { user }),
      email,
      is_active: isActive,
      ...(username === undefined ? {} : { actual_username: username }),
      ...changes.attributes,
    },
  };
}

type LinkChanges = {
  readonly [Key in keyof Link]?: Link[Key];
} & { readonly id?: string; readonly pending?: boolean };

/** The tie of `id` to `P-id`; a pending one knows no profile yet. */
export function link({ id = 'ann', pending = false, ...changes }: LinkChanges = {}): Link {
  return {
    source: sourceId('corp'),
    anchor: anchor(id),
    profileId: pending ? undefined : profileId(`P-${id}`),
    userId: undefined,
    email: `${id}@example.com`,
    label: `uid=${id}`,
    employeeNumber: undefined,
    exempt: false,
    origin: pending ? 'invited' : 'created',
    applied: {},
    unkept: {},
    absentSince: undefined,
    deletedSince: undefined,
    leftSince: undefined,
    goneSince: undefined,
    deactivatedByUs: false,
    deactivatedAt: undefined,
    invitations: 0,
    invitedAt: undefined,
    ...changes,
  };
}
