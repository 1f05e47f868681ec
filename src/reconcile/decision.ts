import type { Anchor } from '../identity/identity.ts';
import type { ProfileAttributes, ProfileId } from '../profile-api/profile.ts';
import type { OperationKind } from '../store/operation.ts';

/** One operation as reconciliation proposes it, before guards and freezing. */
export interface ProposedOperation {
  readonly kind: OperationKind;
  readonly anchor: Anchor;
  /** Undefined for those who have no profile yet. */
  readonly profileId: ProfileId | undefined;
  readonly email: string | undefined;
  readonly label: string;
  /** A sentence: why this is to be done. */
  readonly reason: string;
  readonly before: ProfileAttributes;
  readonly after: ProfileAttributes;
  /** All mapped attributes: what a PUT has to carry so that it clears nothing. */
  readonly desired: ProfileAttributes;
}

/** Somebody for whom nothing is done, and why. */
export interface Finding {
  /** `skipped`: a bad record. `conflict`: a person must decide. `waiting`: time must pass. `left`: not ours to change. */
  readonly kind: 'skipped' | 'conflict' | 'waiting' | 'left';
  readonly anchor: Anchor | undefined;
  readonly label: string;
  readonly email: string | undefined;
  readonly reason: string;
}

/** What is to be done about one person. */
export type Decision =
  | { readonly kind: 'operate'; readonly operation: ProposedOperation }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'unchanged' };
