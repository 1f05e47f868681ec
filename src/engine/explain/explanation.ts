/** Everything that there is to say about one person: what the source says, what follows from it, and what has happened. */
import type { StoredEntry } from '../../audit/index.ts';
import type { Anchor, Identity, Person, RuleTrace, SourceId } from '../../identity/index.ts';
import type { NextStep } from '../../plan/index.ts';
import type { AttributeValue } from '../../profile-api/index.ts';
import type { Absence, Comparison, Link, LinkedProfile, Ruling } from '../../reconcile/index.ts';
import type { DepartureRecord } from '../../store/departures/departure.ts';
import type { RunId } from '../../store/operations/operation.ts';
import type { Operation } from '../../store/operations/operations.ts';
import type { Run, RunFinding } from '../../store/runs/runs.ts';

/** Everything about whoever goes by one name. */
export interface Explanation {
  readonly who: string;
  readonly at: Date;
  /** One for each source that has or had them. */
  readonly people: readonly ExplainedPerson[];
  /** Who else goes, or went, by that name. */
  readonly namesakes: readonly Namesake[];
}

/** Somebody else of that name, who is not explained. */
export interface Namesake {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string;
}

/** One person in one source. */
export interface ExplainedPerson {
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string;
  readonly email: string | undefined;
  readonly entry: SourceEntry;
  /** Undefined where they have never had a tie to a profile, or it has ended. */
  readonly link: Link | undefined;
  readonly profile: ProfileState;
  /** Attribute by attribute, what the mapping gives against what is known of the profile; empty where one of the two is lacking. */
  readonly comparison: readonly ComparedAttribute[];
  readonly ruling: Ruling | undefined;
  /** What HR or an operator said of their leaving, in force or still to come. */
  readonly departure: DepartureRecord | undefined;
  readonly next: Next;
  /** What waits for somebody's word, or is under way. */
  readonly open: readonly OpenOperation[];
  readonly history: History;
}

/** What the source says of them. */
export type SourceEntry =
  | {
      readonly kind: 'seen';
      readonly identity: Identity;
      readonly person: Person;
      readonly trace: RuleTrace;
      /** Why the source may have more to say; undefined where it was read wholly. */
      readonly incomplete: string | undefined;
    }
  /** The record is there and can't be an identity. */
  | { readonly kind: 'unusable'; readonly reason: string }
  | {
      readonly kind: 'not-shown';
      readonly absence: Absence | undefined;
      readonly incomplete: string | undefined;
    }
  | { readonly kind: 'unreachable'; readonly sentence: string }
  /** The configuration has no such source any more. */
  | { readonly kind: 'not-configured' };

/** Somebody's profile as the org shows it now; `unknown` where the org could not be asked. */
export type ProfileState =
  | LinkedProfile
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly sentence: string };

/** One attribute as it should be, beside what is known of it. */
export interface ComparedAttribute {
  readonly attribute: string;
  readonly wanted: AttributeValue;
  /** What the org shows; undefined where it never does. */
  readonly shown: AttributeValue | undefined;
  readonly compared: Comparison;
  /** Which other source's value is wanted; undefined where it is this one's. */
  readonly givenBy: SourceId | undefined;
}

/** What the next run would do. */
export type Next =
  | (NextStep & { readonly wasOrgListed: boolean })
  | { readonly kind: 'unknown'; readonly sentence: string };

/** An operation that waits or is at work. */
export interface OpenOperation {
  readonly operation: Operation;
  /** Why a guard holds it, where one does. */
  readonly guard: string | undefined;
  readonly expiresAt: Date | undefined;
}

/** What has happened to somebody. */
export interface History {
  /** The latest first. */
  readonly entries: readonly StoredEntry[];
  /** On whose account the runs among them were made. */
  readonly runsBy: ReadonlyMap<RunId, string>;
  /** The latest run of the source that came to a plan, and what it said of them where it did nothing. */
  readonly lastRun: Run | undefined;
  readonly lastFinding: RunFinding | undefined;
}
