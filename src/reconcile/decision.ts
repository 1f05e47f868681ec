import type { Anchor, SourceId } from '../identity/identity.ts';
import type { Member } from '../identity/person.ts';
import type { ProfileAttributes, ProfileId } from '../profile-api/profile.ts';
import type { OperationKind } from '../store/operations/operation.ts';
import type { Claim } from '../store/people/claim.ts';
import type { Conflict, ConflictKind } from '../store/people/conflict.ts';

/** One operation as reconciliation proposes it, before guards and freezing. */
export interface ProposedOperation {
  readonly kind: OperationKind;
  readonly anchor: Anchor;
  /** Undefined for those who have no profile yet. */
  readonly profileId: ProfileId | undefined;
  readonly email: string | undefined;
  readonly label: string;
  readonly employeeNumber?: string | undefined;
  /** Whether no rule deactivates them: kept on the link that this makes. */
  readonly isExempt?: boolean | undefined;
  /** A sentence: why this is to be done. */
  readonly reason: string;
  readonly before: ProfileAttributes;
  readonly after: ProfileAttributes;
  /** All mapped attributes: what a PUT has to carry so that it clears nothing. */
  readonly desired: ProfileAttributes;
  /** Of an adoption: whose tie to the profile ends with it. */
  readonly releases?: Anchor | undefined;
  /** In which source they are, where it is another one. */
  readonly releasesSource?: SourceId | undefined;
  /** Of a creation: whether an invitation follows once the account is known to be there. */
  readonly invites?: boolean;
  /** Of a deactivation: another source's word that somebody is there who may be the same person. */
  readonly contradictedBy?: Claim;
}

interface Named {
  readonly anchor: Anchor | undefined;
  readonly label: string;
  readonly email: string | undefined;
  readonly reason: string;
}

/** A person must decide. */
export interface ConflictFinding extends Named {
  readonly kind: 'conflict';
  readonly conflict: Conflict;
}

/** `skipped`: a bad record. `waiting`: time must pass. `left`: not ours to change. */
export interface Remark extends Named {
  readonly kind: 'skipped' | 'waiting' | 'left';
  /** Until when they wait, where that is known beforehand. */
  readonly until?: Date | undefined;
}

/** Somebody for whom nothing is done, and why. */
export type Finding = ConflictFinding | Remark;

/** What is to be done about one person. */
export type Decision =
  | { readonly kind: 'operate'; readonly operation: ProposedOperation }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'unchanged' };

/** Whom a decision is about. */
export type Subject = Pick<Member, 'anchor' | 'label' | 'employeeNumber' | 'exemptBy'> & {
  readonly email: string | undefined;
};

export const unchanged: Decision = { kind: 'unchanged' };

export function finding(
  kind: Remark['kind'],
  { anchor, label, email }: Subject,
  reason: string,
  until?: Date,
): Decision {
  const time = until === undefined ? {} : { until };
  return { kind: 'finding', finding: { kind, anchor, label, email, reason, ...time } };
}

/** @param profileId - the profile that the conflict is over, where it is over one */
export function conflict(
  kind: ConflictKind,
  profileId: ProfileId | undefined,
  { anchor, label, email }: Subject,
  reason: string,
): Decision {
  return {
    kind: 'finding',
    finding: { kind: 'conflict', anchor, label, email, reason, conflict: { kind, profileId } },
  };
}

export function operate(
  kind: OperationKind,
  { anchor, label, email, employeeNumber, exemptBy }: Subject,
  profileId: ProfileId | undefined,
  reason: string,
  values: Pick<ProposedOperation, 'before' | 'after' | 'desired' | 'invites'>,
): Decision {
  const number = employeeNumber === undefined ? {} : { employeeNumber };
  const exempt = exemptBy === undefined ? {} : { isExempt: true };
  return {
    kind: 'operate',
    operation: { kind, anchor, label, email, ...number, ...exempt, profileId, reason, ...values },
  };
}
