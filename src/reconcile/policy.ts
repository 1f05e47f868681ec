/** What the configuration says of people, as a reconciliation goes by it. Pure. */
import type { LesserAuthority } from '../identity/rules.ts';
import type { LeaverPolicy } from './leaving.ts';
import type { Precedence } from './precedence.ts';
import type { PurgePolicy } from './purge.ts';
import type { SuccessionPolicy } from './same-person.ts';

/** When somebody who has not accepted an invitation gets another one by rule. */
export interface InvitePolicy {
  readonly again: 'never' | 'once-expired';
  readonly expiresMs: number;
  /** Invitations to one person, the first one included. */
  readonly atMost: number;
}

/** The configuration's word on what each event of a working life leads to. */
export interface Policy extends PurgePolicy, SuccessionPolicy {
  readonly onboard: 'create' | 'invite' | 'create-and-invite';
  readonly invite: InvitePolicy;
  /** How long before their first day somebody joins, and before which first day that is now. */
  readonly joinEarly: { readonly ms: number; readonly before: Date };
  readonly reactivate: 'ours' | 'always' | 'never';
  readonly deletedInOrg: 'leave' | 'create';
  /** Attributes over which the source has less than the whole say. */
  readonly authority: ReadonlyMap<string, LesserAuthority>;
  readonly precedence: Precedence;
  readonly graceMs: number;
  readonly leaver: LeaverPolicy;
  /** Whether there is a rule that exempts people. */
  readonly exempts: boolean;
}
