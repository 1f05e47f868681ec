/** Editing a user: a PUT replaces, so whatever the body leaves out goes back to the model's default. */
import { isDeepStrictEqual } from 'node:util';
import type { Body } from './create-user.ts';
import type { Author, EffectKind, Journal } from './journal.ts';
import type { Org } from './org.ts';
import { Refusal } from './refusal.ts';
import { type OrgRules, requireEmailAddress, requireKnownRole, requireLicence } from './rules.ts';
import { extrasOf, type SandboxUser, type UserRecord, type WireProfile } from './user.ts';

/** Reads the body of `PUT /{id}/` into the user that it makes of `record`. Attributes in `forgotten` keep their old value.
 * @throws Refusal 400 */
export function readEditedUser(
  rules: OrgRules,
  record: UserRecord,
  body: Body,
  forgotten: ReadonlySet<string>,
): SandboxUser {
  if (body.profile_id === undefined) throw new Refusal(400, 'Please provide profile_id.');
  if (body.profile_id !== record.id) throw new Refusal(400, 'profile_id does not match the user.');
  requireKnownRole(rules, body.role);
  const { current } = record;
  const taken = withOldValues(body, current, forgotten);
  return {
    ...current,
    profile: {
      ...current.profile,
      email: readEmail(taken.email),
      is_active: readBoolean(taken, 'is_active', true),
      customer_id: readArray(taken, 'customer_id'),
      customer_entity_id: readArray(taken, 'customer_entity_id'),
      is_multiple_customer_user: readBoolean(taken, 'is_multiple_customer_user', false),
      is_profile_image: readBoolean(taken, 'is_profile_image', false),
    },
    extras: extrasOf(taken),
  };
}

/** Puts the edited user in place, and records what that did: one request, one effect.
 * @throws Refusal where the address is taken or the licence is full */
export function applyEdit(
  org: Org,
  rules: OrgRules,
  journal: Journal,
  record: UserRecord,
  next: SandboxUser,
  author: Author,
): void {
  const before = record.current;
  const kind = kindOfEdit(before.profile, next.profile);
  if (next.profile.email !== null) org.requireFreeEmail(next.profile.email, record);
  if (kind === 'reactivated' && author.by === 'api') requireLicence(rules, org);
  const removedFromAssets = before.removedFromAssets + (kind === 'deactivated' ? 1 : 0);
  org.replace(record, { ...next, removedFromAssets });
  journal.record(
    author,
    kind,
    { email: next.profile.email ?? before.profile.email, profileId: record.id },
    changedNames(before, next),
  );
}

function kindOfEdit(before: WireProfile, after: WireProfile): EffectKind {
  if (before.is_active === after.is_active) return 'edited';
  return after.is_active ? 'reactivated' : 'deactivated';
}

function changedNames(before: SandboxUser, after: SandboxUser): readonly string[] {
  const old: Body = { ...before.extras, ...before.profile };
  const now: Body = { ...after.extras, ...after.profile };
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...names].filter((name) => !isDeepStrictEqual(old[name], now[name]));
}

/** The body, but with the user's own old value, or none, for each name that is silently not kept. */
function withOldValues(body: Body, user: SandboxUser, forgotten: ReadonlySet<string>): Body {
  const old = { ...user.extras, ...user.profile };
  return Object.fromEntries([
    ...Object.entries(body).filter(([name]) => !forgotten.has(name)),
    ...Object.entries(old).filter(([name]) => forgotten.has(name)),
  ]);
}

function readEmail(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw new Refusal(400, 'Please provide a valid email.');
  requireEmailAddress(value);
  return value;
}

function readBoolean(body: Body, field: string, byDefault: boolean): boolean {
  const value = body[field] ?? byDefault;
  if (typeof value !== 'boolean') throw new Refusal(400, `Please provide a valid ${field}.`);
  return value;
}

function readArray(body: Body, field: string): readonly unknown[] {
  const value = body[field] ?? [];
  if (!Array.isArray(value)) throw new Refusal(400, `Please provide a valid ${field}.`);
  return value;
}
