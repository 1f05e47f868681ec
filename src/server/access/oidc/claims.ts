/** What an identity provider says of somebody, and what follows from it here. */
import { z } from 'zod';
import { roles } from '../../../../config/sections/server.ts';
import type { Role } from '../roles.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface ClaimRules {
  readonly nameClaim: string;
  readonly rolesClaim: string;
  /** Values of the roles' claim that give each role. */
  readonly roles: Readonly<Record<Role, readonly string[]>>;
}

export type Judged =
  | {
      readonly kind: 'let-in';
      readonly name: string;
      readonly role: Role;
      /** Those values that give a role, and no others: a person's groups are nobody's business. */
      readonly values: readonly string[];
    }
  | { readonly kind: 'refused'; readonly name: string | undefined; readonly sentence: string };

/** The highest role that any of the values gives. */
export const roleBy = (values: readonly string[], given: ClaimRules['roles']): Role | undefined =>
  roles.findLast((role) => given[role].some((value) => values.includes(value)));

export function judgeClaims(claims: Claims, rules: ClaimRules): Judged {
  const refused = (sentence: string, called?: string): Judged => ({
    kind: 'refused',
    name: called,
    sentence,
  });
  const name = nameIn(claims, rules.nameClaim);
  if (name === undefined)
    return refused(
      `The identity provider does not say the ${rules.nameClaim} of this account, by which the audit log would name it. Have it send that claim, or name another one in server.oidc.nameClaim.`,
    );
  if (rules.nameClaim === 'email' && claims.email_verified === false)
    return refused(
      `The identity provider has not verified that ${name} is this account's address, so it could be anybody's. Verify it there.`,
      name,
    );
  const wanted = new Set(roles.flatMap((role) => rules.roles[role]));
  const values = valuesOf(claimAt(claims, rules.rolesClaim)).filter((value) => wanted.has(value));
  const role = roleBy(values, rules.roles);
  if (role !== undefined) return { kind: 'let-in', name, role, values };
  if (isLeftOut(claims, rules.rolesClaim))
    return refused(
      `${name} is in so many groups that the identity provider leaves them out of what it says. Give roles by application roles (server.oidc.rolesClaim: roles), or have it send the groups of the application alone.`,
      name,
    );
  return refused(
    `${name} has no role in Rollcall: nothing in the claim ${rules.rolesClaim} of this account gives one. Ask whoever looks after Rollcall to be added to one of its groups, and sign in again.`,
    name,
  );
}

/** Whether both are there, or the provider has more to say at its other address. */
export const saysEnough = (claims: Claims, { nameClaim, rolesClaim }: ClaimRules): boolean =>
  [nameClaim, rolesClaim].every((name) => claimAt(claims, name) !== undefined);

const longestName = 200;

function nameIn(claims: Claims, path: string): string | undefined {
  const value = claimAt(claims, path);
  if (typeof value !== 'string') return undefined;
  // It goes into the log and the audit log, where it must not look like something else.
  const name = value.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  return name === '' || name.length > longestName ? undefined : name;
}

/** A claim of that very name, such as `https://example.com/roles`, or one within others, such as `realm_access.roles`. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let found: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

const oneOrMany = z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([]);
const valuesOf = (claim: unknown): readonly string[] => oneOrMany.parse(claim);

/** As Entra ID tells that there are too many groups (OpenID Connect Core 5.6.2). */
const elsewhere = z.object({ _claim_names: z.record(z.string(), z.unknown()) });
function isLeftOut(claims: Claims, name: string): boolean {
  const { success, data } = elsewhere.safeParse(claims);
  return success && Object.hasOwn(data._claim_names, name);
}
