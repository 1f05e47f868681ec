/** Compares people with the org's users and proposes what to do about each. Pure: no clock, no I/O, no randomness. */

export type { Link } from '../store/people/link.ts';
export type { Ruling } from '../store/people/ruling.ts';
export { type AdministratorRule, administratorRule, isAdministrator } from './administrators.ts';
export {
  asTied,
  type LearntRecord,
  type RestBook,
  type Restlessness,
  restBook,
  type Tie,
} from './at-rest.ts';
export type { ConflictFinding, Decision, Finding, ProposedOperation, Remark } from './decision.ts';
export { reasonOfDeparture } from './departed.ts';
export {
  type Changes,
  type Comparison,
  compare,
  differences,
  emailKey,
  isSameValue,
  sameEmail,
  type WhyLeft,
} from './differences.ts';
export type { Print } from './fingerprint.ts';
export { inQuestion } from './in-question.ts';
export type { KnownRecord } from './known-records.ts';
export type { LeaverPolicy, Treatment, WayOfLeaving } from './leaving.ts';
export { type Printed, printer, printOf, printVersion } from './link-print.ts';
export { type NewcomerBook, type Newcomers, newcomerBook, nobodyNew } from './newcomers.ts';
export {
  type CorrelationRule,
  type GrowingOrg,
  growingOrg,
  type Holder,
  indexOrg,
  type Org,
  type ProfileRule,
} from './org.ts';
export type { ResolvedLink } from './pending-links.ts';
export type { InvitePolicy, Policy } from './policy.ts';
export { type GivenBy, type Precedence, withOffers } from './precedence.ts';
export { isProtected, type PurgePolicy } from './purge.ts';
export { type Reconciler, reconciler } from './reconcile.ts';
export type { Absence, Answers, Inquiries, Reconciliation, Revisit, World } from './reconciliation.ts';
export { wordOf } from './ruled.ts';
export type { LinkedProfile } from './surroundings.ts';
export type { UnknownAttributes } from './unknown-attributes.ts';
