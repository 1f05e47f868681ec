/** What a reconciliation is given, asks for, and gives. */
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { ProfileAttributes, ProfileId } from '../profile-api/profile.ts';
import type { Departure, KeptLeaveDate, LeaveDateChanges } from '../store/departures/departure.ts';
import type { Claim, Offer } from '../store/people/claim.ts';
import type { Link } from '../store/people/link.ts';
import type { Ruling } from '../store/people/ruling.ts';
import type { Finding, ProposedOperation } from './decision.ts';
import type { Holder, Org } from './org.ts';
import type { ResolvedLink } from './pending-links.ts';
import type { Policy } from './policy.ts';
import type { LinkedProfile } from './surroundings.ts';
import type { UnknownAttributes } from './unknown-attributes.ts';

/**
 * What there is to be reconciled: everybody, or with a delta those whom it is about, as if there were nobody else. Whoever
 * is not in it stays as they are.
 */
export interface World {
  readonly source: SourceId;
  readonly org: Org;
  /** The links of this source; with a delta, those of the people whom it is about. */
  readonly links: readonly Link[];
  /** Who holds a profile, by the links of every source. */
  readonly holders: ReadonlyMap<ProfileId, Holder>;
  /** Which other source has somebody in its scope whose profile this one holds. */
  readonly claims: ReadonlyMap<ProfileId, Claim>;
  /** What other sources give to people whose profile this one holds. */
  readonly offers: ReadonlyMap<ProfileId, readonly Offer[]>;
  /** What operators said about people of this source. */
  readonly rulings: readonly Ruling[];
  /** Of whom HR or an operator said that they left, in force now: with a delta, of the people whom it is about. */
  readonly departures: ReadonlyMap<Anchor, Departure>;
  /** The leave dates that are kept of people of this source. */
  readonly leaveDates: ReadonlyMap<Anchor, KeptLeaveDate>;
  readonly policy: Policy;
}

/** What a look-up of somebody missing told. */
export type Absence =
  | { readonly kind: 'gone' }
  /** Gone, and by the source's own word deleted. */
  | { readonly kind: 'deleted' }
  | { readonly kind: 'still-there' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What only I/O can find out, once everybody was seen. */
export interface Inquiries {
  /** Linked people whom the reading did not show: to be looked up by anchor. */
  readonly missing: readonly Anchor[];
  /** Linked profiles that the listing did not show: to be asked for by id. */
  readonly unlisted: readonly ProfileId[];
}

/** What was found out after everybody was seen. */
export interface Answers {
  readonly now: Date;
  /** Why nobody may be deactivated on the word of this reading; undefined where it was complete. */
  readonly incomplete: string | undefined;
  /** What nobody can know by this reading, whatever it told; undefined where it told all. */
  readonly unknown?: UnknownAttributes | undefined;
  readonly absences: ReadonlyMap<Anchor, Absence>;
  /** A profile that could not be asked for has no answer; its person is left alone. */
  readonly profiles: ReadonlyMap<ProfileId, LinkedProfile>;
}

/** Somebody about whom another look may come to another end, though nothing changes in their own record. */
export interface Revisit {
  readonly anchor: Anchor;
  /** Not before this time; undefined for the next time. */
  readonly notBefore?: Date | undefined;
  /** Whether it is to be sooner where something was done in the org meanwhile: they wait for somebody else. */
  readonly soonerOnceMoved?: boolean | undefined;
}

/** What is to be done, and what is to be remembered. */
export interface Reconciliation {
  readonly operations: readonly ProposedOperation[];
  readonly findings: readonly Finding[];
  readonly resolved: readonly ResolvedLink[];
  /** Whose absence starts to count now, and whose has ended. */
  readonly newlyAbsent: readonly Anchor[];
  readonly returned: readonly Anchor[];
  /** Of whom a look-up says that the source itself calls them deleted. */
  readonly newlyDeleted: readonly Anchor[];
  /** Of whom the source says now that they left, and of whom it does so no more. */
  readonly newlyLeft: readonly Anchor[];
  readonly there: readonly Anchor[];
  /** People in scope whose profile another source holds. */
  readonly claims: readonly {
    readonly anchor: Anchor;
    readonly label: string;
    readonly profileId: ProfileId;
    /** Whether they are known to be the one who holds it. */
    readonly isSamePerson: boolean;
    /** What this source gives to the profile. */
    readonly offers: ProfileAttributes;
    /** Attributes of which nobody can know now what it gives: what it gave before still stands. */
    readonly unknown: readonly string[];
  }[];
  /** Those of other sources to whom somebody's profile is to pass, who are to be looked at there. */
  readonly yieldedTo: readonly Claim[];
  /** Linked people of whom the source tells another employee number than their link, or the first one. */
  readonly numbered: readonly { readonly anchor: Anchor; readonly employeeNumber: string }[];
  /** Linked people who are exempt and were not when they were last seen, or the other way round. */
  readonly exemptions: readonly { readonly anchor: Anchor; readonly isExempt: boolean }[];
  /** Linked people of whom this pass can't say whether they are to be removed: what an earlier one said of that still stands. */
  readonly silentOn: readonly Anchor[];
  /** Whom Rollcall had deactivated, and somebody else has made active again: a later block is not Rollcall's. */
  readonly unblockedByOthers: readonly Anchor[];
  /** Whose word is not the last one: to be looked at again, whether they change or not. */
  readonly revisits: readonly Revisit[];
  readonly leaveDates: LeaveDateChanges;
  readonly counts: {
    readonly identities: number;
    readonly inScope: number;
    readonly unchanged: number;
    /** Linked people whose profile is active: what the guard's percentages are taken of. */
    readonly linkedActive: number;
  };
}
