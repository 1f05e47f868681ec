import type { Unsaved } from '../backup/save-before.ts';
import type { Reconciled } from '../reconciled.ts';

/** What a plan is made of. */
export interface PlanMaterial extends Omit<Reconciled, 'listed' | 'doubt'> {
  /** Why the whole source was read where a delta was asked for. */
  readonly fallback: string | undefined;
  /** Of everything that decides what a change means. */
  readonly fingerprint: string;
  /** When the reading began: what was done to somebody after it is not yet in the picture. */
  readonly readingSince: Date;
  /** What holds a large change, where the org was not saved before it. */
  readonly unsaved?: Unsaved | undefined;
}
