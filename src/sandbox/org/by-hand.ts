/** What an administrator of the org does in its own pages: no key, no API, and no thought of who else keeps the list. */
import { type NewUser, newUser } from './create-user.ts';
import { applyEdit } from './edit-user.ts';
import { byHand, type Journal } from './journal.ts';
import type { Org } from './org.ts';
import { Refusal } from './refusal.ts';
import type { OrgRules } from './rules.ts';
import type { SandboxUser, UserRecord, WireProfile } from './user.ts';

/** A change by hand: only what is named changes; `extras` are merged into the hidden ones. */
export interface HandEdit {
  readonly email?: string | null;
  readonly name?: string;
  readonly is_active?: boolean;
  readonly customer_id?: readonly unknown[];
  readonly customer_entity_id?: readonly unknown[];
  readonly last_loggged_in?: string;
  readonly extras?: Readonly<Record<string, unknown>>;
}

/** @throws Refusal where the id, the address or the login is taken */
export function addByHand(org: Org, rules: OrgRules, journal: Journal, given: NewUser): SandboxUser {
  const record = org.add(newUser(org, rules, given));
  journal.record(byHand, 'created', { email: given.email, profileId: record.id });
  return record.current;
}

/** @throws Refusal where nobody has that id or e-mail, or the new address is taken */
export function editByHand(
  org: Org,
  rules: OrgRules,
  journal: Journal,
  who: string,
  edit: HandEdit,
): SandboxUser {
  const record = whoever(org, who);
  const { extras, ...fields } = edit;
  const profile: WireProfile = { ...record.current.profile, ...fields };
  const next = { ...record.current, profile, extras: { ...record.current.extras, ...extras } };
  applyEdit(org, rules, journal, record, next, byHand);
  return record.current;
}

/** @throws Refusal where nobody has that id or e-mail */
export function removeByHand(org: Org, journal: Journal, who: string): void {
  const record = whoever(org, who);
  org.remove(record);
  journal.record(byHand, 'deleted', { email: record.current.profile.email, profileId: record.id });
}

function whoever(org: Org, who: string): UserRecord {
  const record = org.find(who) ?? org.findByEmail(who);
  if (record === undefined) throw new Refusal(404, `Nobody in the sandbox has the id or e-mail ${who}.`);
  return record;
}
