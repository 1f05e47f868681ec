/** What this org demands of its users: set once, when the sandbox starts. */
import { z } from 'zod';
import type { Org } from './org.ts';
import { Refusal } from './refusal.ts';

/** The time of day, which a test may set. */
export type Clock = () => Date;

export interface OrgRules {
  readonly roles: readonly string[];
  readonly timezones: readonly string[];
  readonly dashboards: readonly string[];
  /** Most active users that the licence allows; undefined for no limit. */
  readonly licences: number | undefined;
  /** Status of the answer when the licence is full. The vendor's is not known: 400 is a guess. */
  readonly licenceStatus: number;
  /** How long an invitation's link works. */
  readonly invitationHours: number;
  readonly now: Clock;
}

const emailAddress = z.email();

/** @throws Refusal 400 */
export function requireEmailAddress(email: string): void {
  if (!emailAddress.safeParse(email).success) throw new Refusal(400, 'Please provide a valid email.');
}

/** @throws Refusal 400 where a role is named that the org does not have; an empty one is no role */
export function requireKnownRole(rules: OrgRules, role: unknown): void {
  if (role === undefined || role === null || role === '') return;
  if (typeof role !== 'string' || !rules.roles.includes(role))
    throw new Refusal(400, 'Please provide a valid role.');
}

/** @throws Refusal with the configured status where one more active user would exceed the licence */
export function requireLicence(rules: OrgRules, org: Org, more = 1): void {
  if (rules.licences === undefined || org.activeCount + more <= rules.licences) return;
  throw new Refusal(
    rules.licenceStatus,
    `User license limit reached. Your license allows ${rules.licences} active users.`,
  );
}
