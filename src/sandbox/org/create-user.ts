/** Creating a user: what is demanded of the body, and what the new profile looks like. */
import { randomBytes } from 'node:crypto';
import type { Org } from './org.ts';
import { Refusal } from './refusal.ts';
import { type OrgRules, requireEmailAddress, requireKnownRole, requireLicence } from './rules.ts';
import { extrasOf, type SandboxUser } from './user.ts';
import { decodeWirePassword } from './wire-password.ts';

export type Body = Readonly<Record<string, unknown>>;

const shortestPassword = 8;

/** A user as somebody gives them to the sandbox: a seed, an addition by hand, an accepted invitation. */
export interface NewUser {
  readonly email: string | null;
  /** Their login; the e-mail by default. */
  readonly username?: string;
  readonly name?: string;
  readonly is_active?: boolean;
  readonly profile_id?: string;
  readonly user?: number;
  readonly creation_time?: string;
  readonly last_loggged_in?: string;
  readonly customer_id?: readonly unknown[];
  readonly customer_entity_id?: readonly unknown[];
  readonly is_multiple_customer_user?: boolean;
  readonly is_profile_image?: boolean;
  /** What the API never returns: phone, role, ... */
  readonly extras?: Readonly<Record<string, unknown>>;
}

/** Checks the body of `POST /`, or a row of a CSV file (`password: 'optional'`), and makes the user of it.
 * @throws Refusal */
export function readNewUser(
  org: Org,
  rules: OrgRules,
  body: Body,
  password: 'required' | 'optional' = 'required',
): SandboxUser {
  const username = requiredText(body, 'username');
  const email = requiredText(body, 'email');
  requireEmailAddress(email);
  if (password === 'required' || body.password !== undefined) requirePassword(body);
  requireKnownRole(rules, body.role);
  const isActive = body.is_active ?? true;
  if (typeof isActive !== 'boolean') throw new Refusal(400, 'Please provide a valid is_active.');
  org.requireFreeEmail(email);
  org.requireFreeUsername(username);
  if (isActive) requireLicence(rules, org);
  const name = [body.name, body.first_name].find((it) => typeof it === 'string' && it !== '');
  return newUser(org, rules, {
    email,
    username,
    ...(typeof name === 'string' && { name }),
    is_active: isActive,
    extras: extrasOf(body),
  });
}

/** A whole user out of what is given, everything else at the model's defaults. */
export function newUser(org: Org, rules: OrgRules, given: NewUser): SandboxUser {
  const profileId = given.profile_id ?? `up${randomBytes(9).toString('hex')}`;
  if (profileId.length > 25) throw new Refusal(400, 'A profile_id has at most 25 characters.');
  const username = given.username ?? given.email ?? profileId;
  return {
    profile: {
      profile_id: profileId,
      user: given.user ?? org.takeUserId(),
      profile: username,
      creation_time: given.creation_time ?? rules.now().toISOString(),
      profile_image: '',
      avatar: '',
      email: given.email,
      name: given.name ?? username,
      is_active: given.is_active ?? true,
      last_loggged_in: given.last_loggged_in ?? '',
      customer_id: given.customer_id ?? [],
      customer_entity_id: given.customer_entity_id ?? [],
      actual_username: username,
      is_multiple_customer_user: given.is_multiple_customer_user ?? false,
      is_profile_image: given.is_profile_image ?? false,
    },
    extras: given.extras ?? {},
    removedFromAssets: 0,
  };
}

function requiredText(body: Body, field: string): string {
  const value = body[field];
  if (typeof value !== 'string' || value.trim() === '') throw new Refusal(400, `Please provide ${field}.`);
  return value.trim();
}

function requirePassword(body: Body): void {
  const password = decodeWirePassword(requiredText(body, 'password'));
  const confirmation = decodeWirePassword(requiredText(body, 'confirm_password'));
  if (password === undefined || confirmation === undefined)
    throw new Refusal(400, 'Password could not be decrypted.');
  if (password !== confirmation) throw new Refusal(400, 'Password and confirm password do not match.');
  if (password.length < shortestPassword)
    throw new Refusal(400, `Password must have at least ${shortestPassword} characters.`);
}
