/** Who administers the org, by the configuration's word and by what was applied: the API's list tells no roles. Pure. */
import type { ProfileAttributes, ProfileId } from '../profile-api/profile.ts';
import { emailKey } from './differences.ts';

/** Who counts as an administrator. */
export interface AdministratorRule {
  /** Profile ids, and e-mail addresses in lower case. */
  readonly names: ReadonlySet<string>;
  /** Roles whose holders administer the org, in lower case. */
  readonly roles: ReadonlySet<string>;
}

/** The rule as `guards` has it. */
export const administratorRule = (guards: {
  readonly administrators: readonly string[];
  readonly administratorRoles: readonly string[];
}): AdministratorRule => ({
  names: new Set(guards.administrators.flatMap((name) => [name, emailKey(name)])),
  roles: new Set(guards.administratorRoles.map((role) => role.trim().toLowerCase())),
});

/**
 * Whether somebody administers the org, by any of their names or by their role.
 *
 * @param person - `applied` is what was last sent for them, with their role where the mapping gives one
 */
export function isAdministrator(
  { names, roles }: AdministratorRule,
  person: {
    readonly profileId: ProfileId | undefined;
    readonly emails: readonly (string | null | undefined)[];
    readonly applied: ProfileAttributes;
  },
): boolean {
  const { profileId, emails, applied } = person;
  if (profileId !== undefined && names.has(profileId)) return true;
  if (emails.some((email) => typeof email === 'string' && names.has(emailKey(email)))) return true;
  return ['role', 'organization_role'].some((attribute) => {
    const role = Object.hasOwn(applied, attribute) ? applied[attribute] : undefined;
    return typeof role === 'string' && roles.has(role.trim().toLowerCase());
  });
}
