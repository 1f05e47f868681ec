import type { Brand } from '../identity/brand.ts';

/** The string id (at most 25 characters) that the profile API's `{id}` paths take. */
export type ProfileId = Brand<string, 'ProfileId'>;

/** The integer that `POST /` answers with and that a profile shows as `user`. Not a {@link ProfileId}. */
export type UserId = Brand<number, 'UserId'>;

/** A JSON value as the profile API takes and returns them for one attribute. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by their wire names (`organization_role`, `is_active`, ...). */
export type ProfileAttributes = Readonly<Record<string, AttributeValue>>;

/** One user of the org, as the profile API returned it. */
export interface Profile {
  readonly profileId: ProfileId;
  readonly userId: UserId | undefined;
  readonly email: string | undefined;
  readonly isActive: boolean;
  /** Every property that was returned, by its wire name: what a PUT has to send back. */
  readonly attributes: ProfileAttributes;
}

/** Properties that the API returns and takes no change of; a difference in one is never a reason for an edit. */
export const readOnlyAttributes: ReadonlySet<string> = new Set([
  'profile_id',
  'user',
  'creation_time',
  'profile',
  'profile_image',
  'avatar',
  'name',
  'last_loggged_in',
  'actual_username',
  'is_profile_image',
]);
