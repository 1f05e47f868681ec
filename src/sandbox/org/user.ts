/** One user of the sandbox's org: what the API returns of them, and what it takes but never returns. */

/** A user exactly as the API returns them; the names are those on the wire, three g's included. */
export interface WireProfile {
  readonly profile_id: string;
  readonly user: number;
  readonly profile: string;
  readonly creation_time: string;
  readonly profile_image: string;
  readonly avatar: string;
  readonly email: string | null;
  readonly name: string;
  readonly is_active: boolean;
  readonly last_loggged_in: string;
  readonly customer_id: readonly unknown[];
  readonly customer_entity_id: readonly unknown[];
  readonly actual_username: string;
  readonly is_multiple_customer_user: boolean;
  readonly is_profile_image: boolean;
}

/** What POST and PUT take and no endpoint returns: phone, role, organization_role, and any other property. */
export type Extras = Readonly<Record<string, unknown>>;

/** A user with what the API never returns. */
export interface SandboxUser {
  readonly profile: WireProfile;
  readonly extras: Extras;
  /** How many times a deactivation took this user off all their assets; reactivating does not put them back. */
  readonly removedFromAssets: number;
}

/** A user as the org holds them: the identity of the object stays, its contents are replaced. */
export interface UserRecord {
  readonly id: string;
  readonly sequence: number;
  current: SandboxUser;
}

/** Properties that a PUT replaces, and so resets where the body leaves them out. */
const writableFields = [
  'email',
  'is_active',
  'customer_id',
  'customer_entity_id',
  'is_multiple_customer_user',
  'is_profile_image',
] as const satisfies readonly (keyof WireProfile)[];

/** Properties that a PUT takes without a word and does not change. */
const readOnlyFields = [
  'profile_id',
  'user',
  'profile',
  'creation_time',
  'profile_image',
  'avatar',
  'name',
  'last_loggged_in',
  'actual_username',
] as const satisfies readonly (keyof WireProfile)[];

const notExtras: ReadonlySet<string> = new Set([
  ...writableFields,
  ...readOnlyFields,
  'password',
  'confirm_password',
]);

/** The part of a body that goes into the hidden record; passwords are never kept. */
export function extrasOf(body: Readonly<Record<string, unknown>>): Extras {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !notExtras.has(name)));
}
