/** What guards look at, and by which limits. */
import type { ProfileAttributes } from '../../profile-api/profile.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import type { Claim } from '../../store/people/claim.ts';
import type { RaisedGuards } from '../../store/schema.ts';
import type { Limit } from './limit.ts';

export interface GuardLimits {
  readonly maxDeactivations: Limit;
  readonly maxEdits: Limit;
  readonly maxBlanked: Limit;
}

/** What tells whether a guard holds an operation. */
export interface Holdable {
  readonly kind: OperationKind;
  readonly anchor: string;
  readonly after: Readonly<Record<string, unknown>>;
}

/** As much of an operation as guards look at. */
export interface GuardedOperation {
  readonly kind: OperationKind;
  readonly anchor: string;
  readonly email?: string | null | undefined;
  readonly label?: string;
  readonly reason?: string;
  readonly before: ProfileAttributes;
  readonly after: ProfileAttributes;
  /** Another source's word against it; undefined of what is held already. */
  readonly contradictedBy?: Claim;
}

export interface Circumstances {
  /** Linked people of the source whose profile is active: what percentages are taken of. */
  readonly linkedActive: number;
  /** What was released before this run by nobody's word, and counts with it. */
  readonly earlier: readonly GuardedOperation[];
  /** What a person lets pass in this run. */
  readonly raised: RaisedGuards;
}
