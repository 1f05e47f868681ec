/** Runs, with what they found. */
import type { ColumnType, Generated } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileId } from '../../profile-api/profile.ts';
import type { OperationKind, RunId } from '../operations/operation.ts';
import type { ConflictKind } from '../people/conflict.ts';
import type { Json } from './column.ts';

/**
 * - `requested`: waits for its turn; `reading`: pull, reconcile and guard are under way
 * - `planned`: a dry run that waits for approval
 * - `executing`: operations are queued or running; `held`: only held ones are left
 * - `done`, `failed` (before anything was planned), `rejected`, `expired`: ended
 */
export type RunState =
  | 'requested'
  | 'reading'
  | 'planned'
  | 'executing'
  | 'held'
  | 'done'
  | 'failed'
  | 'rejected'
  | 'expired';

/** Who or what asked for a run; `hr` and `leave-date` are those of people who have left. */
export type RunTrigger = 'hand' | 'schedule' | 'hr' | 'leave-date';

/** `full` reads the whole source; `delta` what has changed since the last time. */
export type ReadingMode = 'full' | 'delta';

/** One row a run; its plan goes by the same id. */
export interface RunTable {
  id: RunId;
  source_id: SourceId;
  /** `plan` is a dry run: nothing is released until somebody approves it. */
  mode: 'plan' | 'apply';
  /** How much of the source is to be read; what was read in the end is in the summary. */
  reading: Generated<ReadingMode>;
  trigger: RunTrigger;
  actor: string;
  state: RunState;
  /** The one person whom the run is about, by e-mail, login or anchor; null for everybody. */
  only_who: string | null;
  /** Guards that give way in this run alone, by a person's word: up to how many people each, and why. */
  raised: ColumnType<RaisedGuards, string | undefined, string>;
  raise_reason: string | null;
  /** Whether a person wants it done although its source is paused. */
  although_paused: Generated<boolean>;
  /** The time of the schedule that it is for; null for all others, also for one that is made in place of such a run. */
  tick: Date | null;
  /** Whether it ended with its process, and is to be made once more for its tick. */
  repeat_due: Generated<boolean>;
  summary: Json<RunSummary> | null;
  error: string | null;
  /** Whose word it has, oldest first; `approved_by` is set once that is enough. */
  approvals: ColumnType<readonly GivenApproval[], string | undefined, string>;
  approved_by: string | null;
  approval_reason: string | null;
  lease_owner: string | null;
  lease_until: Date | null;
  /** How many people and profiles its reading has come to; null before the first are told. */
  identities_read: number | null;
  profiles_read: number | null;
  requested_at: ColumnType<Date, never, never>;
  started_at: Date | null;
  planned_at: Date | null;
  expires_at: Date | null;
  ended_at: Date | null;
  /** Whether somebody has yet to confirm that those whom it deactivated are inactive; who is at it, until when. */
  verify_due: Generated<boolean>;
  verify_until: Date | null;
  verified_at: Date | null;
  /** Whether a service is to make this dry run; others are made by whoever asks for them. */
  left_to_service: Generated<boolean>;
  /** When the org had no seat left for somebody of this run, the last time. */
  licence_full_at: Date | null;
}

/** How many of both sides a reading has come to. */
export interface ReadSoFar {
  readonly identities: number;
  readonly profiles: number;
}

/** What a person may raise for one run. `maxMissing`: how many linked profiles the org's list may lack. */
export type RaisableGuard =
  | 'maxDeactivations'
  | 'maxEdits'
  | 'maxBlanked'
  | 'maxShrink'
  | 'maxMissing'
  | 'maxFailures';

/** Up to how many people each. */
export type RaisedGuards = Readonly<Partial<Record<RaisableGuard, number>>>;

/** A person's word that a plan may be carried out. */
export interface GivenApproval {
  readonly actor: string;
  readonly reason: string;
  readonly at: string;
}

/** What a run saw and planned, in numbers. Of a delta: of the people whom it is about. */
export interface RunSummary {
  readonly identities: number;
  readonly inScope: number;
  readonly skipped: number;
  readonly conflicts: number;
  readonly profiles: number;
  readonly linkedActive: number;
  readonly unchanged: number;
  readonly operations: Readonly<Partial<Record<OperationKind, number>>>;
  /** Attributes whose value the org did not keep, by how many people they are of. Runs of long ago don't tell. */
  readonly unkept?: Readonly<Record<string, number>>;
  /** Why the reading doesn't count as complete; null where it does. */
  readonly incomplete: string | null;
  readonly reading: ReadingMode;
  /** Why the whole source was read where a delta was asked for; null otherwise. */
  readonly fallback: string | null;
  readonly holds: readonly HoldReason[];
}

/** A guard's sentence, and which operations it holds. */
export interface HoldReason {
  readonly guard: string;
  readonly kind: OperationKind;
  /** Of a guard over values: whatever changes this attribute is held, be its kind what it may. */
  readonly attribute?: string | undefined;
  /** Of a guard over single people: nobody else is held. */
  readonly anchors?: readonly string[] | undefined;
  readonly count: number;
  readonly sentence: string;
}

/**
 * `skipped`: a bad record. `conflict`: a person must decide. `waiting`: time must pass. `left`: not ours to change.
 * `unconfirmed`: deactivated, but active by the org's own word.
 */
export type FindingKind = 'skipped' | 'conflict' | 'waiting' | 'left' | 'unconfirmed';

/** Somebody for whom a run could or would do nothing, by name, with the reason. */
export interface RunFindingTable {
  run_id: RunId;
  seq: number;
  kind: FindingKind;
  anchor: Anchor | null;
  label: string;
  email: string | null;
  reason: string;
  /** What a conflict is about; null for all other findings. */
  conflict: ConflictKind | null;
  /** The profile that a conflict is over, where it is over one. */
  profile_id: ProfileId | null;
}
