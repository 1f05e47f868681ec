import type { ProfileAttributes } from '../profile-api/profile.ts';
import type { Anchor } from './identity.ts';
import type { StartDate } from './start-date.ts';

interface Named {
  readonly anchor: Anchor;
  readonly label: string;
  readonly email: string | undefined;
  /** The number that HR knows them by, where the source tells it. */
  readonly employeeNumber?: string | undefined;
  /** The rule by which no other one deactivates them. */
  readonly exemptBy?: string | undefined;
}

/** Somebody who belongs in the org, with the profile that they should have. */
export interface Member extends Named {
  readonly kind: 'member';
  readonly email: string;
  /** What the mapping gives, by the profile's attribute names. What it gives nothing for is absent. */
  readonly desired: ProfileAttributes;
  /** Their first day, to come or past. */
  readonly start?: StartDate | undefined;
  /** When the source says that they leave, which is to come. */
  readonly leavesAt?: Date | undefined;
}

/** Somebody of whom the source says that they do not belong in the org (any more). */
export interface Leaver extends Named {
  readonly kind: 'leaver';
  /** `departed`: by HR's or an operator's word. */
  readonly why: 'disabled' | 'leave-date' | 'out-of-scope' | 'departed';
  /** A sentence that says which rule made them one. */
  readonly reason: string;
}

/** Somebody about whom nothing can be decided: their record is bad. They are left as they are. */
export interface Skipped extends Named {
  readonly kind: 'skipped';
  readonly reason: string;
}

/** An identity after scope and mapping. */
export type Person = Member | Leaver | Skipped;
