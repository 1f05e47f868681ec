import type { Cursor } from '../../connectors/connector.ts';
import type { Anchor } from '../identity/index.ts';
import type { ProfileId } from '../profile-api/index.ts';
import type { Newcomers, Org, Reconciliation, Ruling } from '../reconcile/index.ts';
import type { Departure } from '../store/departures/departure.ts';
import type { NamedFinding } from '../store/runs/runs.ts';
import type { ReadingMode } from '../store/schema.ts';
import type { TrustedReading } from '../store/sources/trusted-readings.ts';

/** What reading both sides came to, before it is guarded and frozen. */
export interface Reconciled {
  readonly reading: ReadingMode;
  readonly reconciliation: Reconciliation;
  /** Whose operations come on top of the reconciliation's: made one after another, since they may be everybody. */
  readonly newcomers: Newcomers;
  /** Records that never became people. */
  readonly skipped: readonly NamedFinding[];
  /** The org's users, where they were listed. */
  readonly listed: Org | undefined;
  /** How many users the org has, as far as is known. */
  readonly profiles: number;
  /** Why the reading is incomplete; undefined where it came to its end. */
  readonly incomplete: string | undefined;
  /** Why the source's own word can't be trusted; undefined where it can, or in quarantine could. */
  readonly doubt: string | undefined;
  /** What operators had said when it was thought out. */
  readonly rulings: readonly Ruling[];
  /** Who had left by HR's word or an operator's then. */
  readonly departures: ReadonlyMap<Anchor, Departure>;
  /** Of whom this is the last word so far. */
  readonly lookedAt: 'everybody' | readonly Anchor[];
  /** Whom the changes themselves call deleted. */
  readonly deleted: readonly Anchor[];
  /** Linked profiles that were deleted in the org, where a person has said that many were; and such that are there after all. */
  readonly gone: readonly ProfileId[];
  readonly reappeared: readonly ProfileId[];
  /** Where changes can be read on from; undefined where nobody can tell, or it stays where it was. */
  readonly cursor: Cursor | undefined;
  /** Who was there, where that may be what the next whole readings are measured against. */
  readonly trusted?: TrustedReading | undefined;
}
