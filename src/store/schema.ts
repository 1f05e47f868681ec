/** The tables, as Kysely sees them. `migrations/` makes them; the repositories beside this file are their only users. */
import type { ColumnType, Generated } from 'kysely';
import type { AlertEvent } from '../../config/index.ts';
import type { Cursor } from '../../connectors/connector.ts';
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { ProfileAttributes, ProfileId } from '../profile-api/profile.ts';
import type { ConflictKind } from './conflict.ts';
import type { DepartureCause, DepartureId } from './departure.ts';
import type { AlertContent, IncidentFacts } from './incident.ts';
import type { LinkOrigin } from './link.ts';
import type { OperationId, OperationKind, OperationState, RunId } from './operation.ts';
import type { Ruling } from './ruling.ts';

/** A JSON column: read parsed, written as text (pg would make a PostgreSQL array of a JavaScript one). */
type Json<Value> = ColumnType<Value, string, string>;
/** A 64-bit column, which pg hands over as text. */
type Int8 = ColumnType<string, number | string, number | string>;

/** The tables by name. */
export interface Database {
  links: LinkTable;
  runs: RunTable;
  run_findings: RunFindingTable;
  rulings: RulingTable;
  claims: ClaimTable;
  cursors: CursorTable;
  revisits: RevisitTable;
  operations: OperationTable;
  trusted_readings: TrustedReadingTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
  audit_checkpoint: AuditHeadTable;
  audit_verified: AuditVerifiedTable;
  audit_stream: AuditStreamTable;
  chores: ChoreTable;
  pauses: PauseTable;
  schedules: ScheduleTable;
  maintenance: MaintenanceTable;
  services: ServiceTable;
  watches: WatchTable;
  quarantines: QuarantineTable;
  departures: DepartureTable;
  deliveries: DeliveryTable;
  sessions: SessionTable;
  incidents: IncidentTable;
  alerts: AlertTable;
  api_answers: ApiAnswerTable;
}

/** The tie of an anchor to a profile, with what was last applied. */
export interface LinkTable {
  source_id: SourceId;
  anchor: Anchor;
  /** Null while it isn't known yet: an invitation not accepted, a creation whose profile was not found. */
  profile_id: ProfileId | null;
  user_id: Int8 | null;
  email: string | null;
  label: string;
  /** The number that HR knows them by, as the source last told it; null where it is not known. */
  employee_number: string | null;
  /** Whether `lifecycle.exempt` was true of them when they were last seen. */
  exempt: Generated<boolean>;
  origin: LinkOrigin;
  /** Every mapped attribute as it was last sent: the only memory of those that the API never returns. */
  applied: Json<ProfileAttributes>;
  /** Values that the server did not keep, so that they are not sent again until they change. */
  unkept: Json<ProfileAttributes>;
  absent_since: Date | null;
  /** Since when the source itself says that their entry was deleted. */
  deleted_since: Date | null;
  /** Since when the source says that they left, by a record that is still there. */
  left_since: Date | null;
  /** When the profile was found to be gone from the org, in a run in which a person had said that many are. */
  gone_since: Date | null;
  /** Set while the profile is inactive by our doing, and by nobody else's. */
  deactivated_by: RunId | null;
  deactivated_at: Date | null;
  /** How many invitations were sent to them, and when the last one was. */
  invitations: Generated<number>;
  invited_at: Date | null;
  created_at: ColumnType<Date, never, never>;
  updated_at: ColumnType<Date, never, Date>;
}

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

/** Who was there in a source's last whole reading that could be trusted: what the next one is measured against. */
export interface TrustedReadingTable {
  source_id: SourceId;
  run_id: RunId;
  at: Date;
  /** By container: its path, and the marks of its people in base64, four bytes each. */
  branches: Json<readonly { readonly path: readonly string[]; readonly marks: string }[]>;
}

/** A source that tells by itself that something has changed. */
export interface WatchTable {
  source_id: SourceId;
  /** What its connector remembers of the arrangement; null for none. */
  kept: string | null;
  /** When the arrangement has to be seen to. */
  due_at: Generated<Date>;
  /** Somebody sees to it until then. */
  claimed_until: Date | null;
  /** Since when there are changes for which no run was requested yet. */
  news_since: Date | null;
  run_requested_at: Date | null;
  /** Why it could not be arranged the last time; null where it stands. */
  trouble: string | null;
}

/** A source of which readings failed lately, or could not be trusted. */
export interface QuarantineTable {
  source_id: SourceId;
  /** In a row, whole readings and deltas apart: the one kind says nothing of the other. */
  failed_wholes: Generated<number>;
  failed_deltas: Generated<number>;
  /** What was wrong the last time; null, as `since`, where it is not in quarantine yet. */
  reason: string | null;
  since: Date | null;
  /** How often it failed in quarantine, and when it is tried again. */
  tries: Generated<number>;
  next_try_at: Date | null;
}

/** `full` reads the whole source; `delta` what has changed since the last time. */
export type ReadingMode = 'full' | 'delta';

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
  readonly attribute?: string;
  /** Of a guard over single people: nobody else is held. */
  readonly anchors?: readonly string[];
  readonly count: number;
  readonly sentence: string;
}

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

/** An operator's word on one person. */
export interface RulingTable {
  source_id: SourceId;
  anchor: Anchor;
  kind: Ruling['kind'];
  /** Whose profile it is about; null for `ignore`. */
  profile_id: ProfileId | null;
  label: string;
  email: string | null;
  actor: string;
  reason: string;
  at: Date;
}

/** Somebody in the scope of a source, while another one holds their profile. */
export interface ClaimTable {
  source_id: SourceId;
  anchor: Anchor;
  label: string;
  profile_id: ProfileId;
  is_same_person: boolean;
  /** What the source gives to the profile, as far as `precedence` names it. */
  offers: Json<ProfileAttributes>;
  at: Date;
}

/** A standing word that somebody has left or will leave. */
export interface DepartureTable {
  id: DepartureId;
  source_id: SourceId;
  anchor: Anchor;
  label: string;
  email: string | null;
  cause: DepartureCause;
  /** HR's own id of the event. */
  event_id: string | null;
  actor: string;
  reason: string;
  /** When the word came, and when it takes effect. */
  arrived_at: Date;
  due_at: Date;
  /** When it was acted on, and the run made of it; null for a run where there was nothing to do. */
  acted_at: Date | null;
  run_id: RunId | null;
  /** Whether a guard held that run. */
  is_held: Generated<boolean>;
  deactivated_at: Date | null;
  verified_at: Date | null;
  /** When, by whom and why it was taken back; it stands while there is none. */
  ended_at: Date | null;
  ended_by: string | null;
  ended_reason: string | null;
}

/** What HR has delivered and was taken in: the same again is answered the same, and does nothing. */
export interface DeliveryTable {
  id: string;
  /** Of its content: another content under the same id is refused. */
  digest: string;
  received_at: Generated<Date>;
  answers: Json<readonly DeliveryAnswer[]>;
}

/** What came of one word in a delivery. */
export interface DeliveryAnswer {
  readonly outcome: string;
  readonly sentence: string;
  readonly run?: RunId | undefined;
}

/** Somebody who is signed in to the console. */
export interface SessionTable {
  /** SHA-256 of the session's id, in hexadecimal. */
  id_hash: string;
  content: Json<Readonly<Record<string, unknown>>>;
  expires_at: Date;
}

/** Something that is wrong, until it is over and people were told so. */
export interface IncidentTable {
  /** What tells it from all others, such as `run-failed:corp`. */
  key: string;
  event: AlertEvent;
  opened_at: Date;
  /** When people were last told that it lasts; null while they don't know yet. */
  told_at: Date | null;
  /** Since when it is over; null while it lasts. */
  over_since: Date | null;
  facts: Json<IncidentFacts>;
}

/** A message for one channel. Those of a channel go out one after the other. */
export interface AlertTable {
  seq: ColumnType<string, never, never>;
  /** The same in every channel, and in every try. */
  id: string;
  channel: string;
  content: Json<AlertContent>;
  made_at: ColumnType<Date, never, never>;
  attempts: Generated<number>;
  not_before: Generated<Date>;
  lease_owner: string | null;
  lease_until: Date | null;
  /** What the last try ended with. */
  trouble: string | null;
  /** Null while it waits. */
  state: 'sent' | 'dropped' | null;
  ended_at: Date | null;
}

/** From where on a source's changes are to be read next. */
export interface CursorTable {
  source_id: SourceId;
  cursor: Cursor;
  /** Of everything that decides what a change means: with another one, the cursor is worth nothing. */
  fingerprint: string;
  /** The run whose plan stands for everything before the cursor. */
  run_id: RunId;
  at: ColumnType<Date, never, Date>;
}

/** Somebody whom the next delta has to look at, changed or not: their last word is not the last one yet. */
export interface RevisitTable {
  source_id: SourceId;
  anchor: Anchor;
  /** The operation that settles it once it is done. */
  operation_id: OperationId | null;
  not_before: Generated<Date>;
  /** Whether they are looked at sooner where something was done in the org meanwhile: they wait for somebody else. */
  sooner_once_moved: Generated<boolean>;
}

/**
 * `skipped`: a bad record. `conflict`: a person must decide. `waiting`: time must pass. `left`: not ours to change.
 * `unconfirmed`: deactivated, but active by the org's own word.
 */
export type FindingKind = 'skipped' | 'conflict' | 'waiting' | 'left' | 'unconfirmed';

/** One row an operation, from its plan to its end. */
export interface OperationTable {
  id: OperationId;
  run_id: RunId;
  seq: number;
  source_id: SourceId;
  anchor: Anchor;
  profile_id: ProfileId | null;
  kind: OperationKind;
  state: OperationState;
  email: string | null;
  label: string;
  employee_number: string | null;
  /** Whether `lifecycle.exempt` was true of them: for the link that a first operation makes. */
  exempt: Generated<boolean>;
  reason: string;
  hold: string | null;
  /** The attributes concerned as they were when the plan was made; an absent key is not known. */
  before: Json<ProfileAttributes>;
  /** The attributes concerned as they shall be. */
  after: Json<ProfileAttributes>;
  /** All mapped attributes of the person: what a PUT has to carry so that it clears nothing. */
  desired: Json<ProfileAttributes>;
  /** Of an adoption: whose tie to the profile ends with it; and in which source, where it is another one. */
  releases: Anchor | null;
  releases_source: SourceId | null;
  /** Of a creation that an invitation follows: the number that is kept for it in the run. */
  invite_seq: number | null;
  /** Of an invitation: the creation that it follows. */
  follows: OperationId | null;
  attempts: Generated<number>;
  not_before: Generated<Date>;
  /** When its id was last put into the queue; null where it is not in there. */
  dispatched_at: Date | null;
  lease_owner: string | null;
  lease_until: Date | null;
  /** When a request with an effect was first about to go out: from then on the outcome may be unknown. */
  intent_at: Date | null;
  /** When it was first a row of a file; it is never one again. */
  bulk_at: Date | null;
  /** What the last try ended with: the server's sentence, or ours. */
  message: string | null;
  /** Of a failed one: the same without what is of one person alone, so that many have it in common. */
  cause: string | null;
  created_at: ColumnType<Date, never, never>;
  ended_at: Date | null;
}

/** Append-only; each entry's hash covers the one before it. */
export interface AuditTable {
  seq: Int8;
  at: ColumnType<Date, string, never>;
  actor: string;
  action: string;
  run_id: RunId | null;
  operation_id: OperationId | null;
  source_id: SourceId | null;
  anchor: Anchor | null;
  profile_id: ProfileId | null;
  email: string | null;
  reason: string | null;
  details: Json<Readonly<Record<string, unknown>>>;
  prev_hash: string;
  hash: string;
}

/**
 * One row: a place in the audit chain. `audit_head` is its end, and locking it puts concurrent appends in order;
 * `audit_checkpoint` is the last entry that was archived, after which the log begins.
 */
export interface AuditHeadTable {
  is_only: Generated<boolean>;
  seq: Int8;
  hash: string;
}

/** One row: how far the audit chain was found whole, and where it is broken, if it is. */
export interface AuditVerifiedTable {
  is_only: Generated<boolean>;
  seq: Int8;
  hash: string;
  at: Date | null;
  broken_at: Int8 | null;
  broken_sentence: string | null;
  broken_since: Date | null;
}

/** One row: the last audit entry that the stream's receiver has. */
export interface AuditStreamTable {
  is_only: Generated<boolean>;
  seq: Int8;
}

/** Work that one process does at a time, under a lease. */
export interface ChoreTable {
  name: 'retention' | 'audit-stream' | 'bulk-load' | 'alerts';
  lease_owner: string | null;
  lease_until: Date | null;
  done_at: Date | null;
}

/** Why nothing is carried out at the moment, or nothing of one source; no row means that all is well. */
export interface PauseTable {
  /** `execution`: the profile API refuses the key. `all` and `source ID`: by a person's word. */
  name: string;
  /** Null where it is about everything. */
  source_id: SourceId | null;
  reason: string;
  /** Who paused it; null for a refused key. */
  actor: string | null;
  since: ColumnType<Date, never, never>;
  /** When it ends by itself. */
  until_at: Date | null;
  /** Whether whom HR or an operator says to have left is deactivated all the same. */
  leavers: Generated<'go' | 'wait'>;
}

/** How far each schedule has been seen to. */
export interface ScheduleTable {
  source_id: SourceId;
  reading: ReadingMode;
  /** With its time zone: another pattern is another schedule, which begins when it is first seen. */
  pattern: string;
  /** What the delays of its times are drawn from. */
  seed: Generated<string>;
  /** Up to this time, everything that was due was taken. */
  taken_until: Generated<Date>;
}

/** One row while a maintenance window is in force and its beginning was audited. */
export interface MaintenanceTable {
  is_only: Generated<boolean>;
  since: Date;
}

/** How a process has met the profile API, at its last heartbeat. */
export type ServiceCircuit =
  | { readonly kind: 'closed' }
  | { readonly kind: 'warming-up'; readonly since: string; readonly places: number }
  | { readonly kind: 'open' | 'half-open'; readonly since: string; readonly reason: string };

/** The processes that are at work, kept alive by their heartbeat. */
export interface ServiceTable {
  id: string;
  roles: string;
  host: string;
  pid: number;
  /** Null for a process that carries nothing out. */
  circuit: Json<ServiceCircuit> | null;
  started_at: ColumnType<Date, never, never>;
  seen_at: ColumnType<Date, never, Date>;
}

/** What was answered under an idempotency key. */
export interface ApiAnswerTable {
  actor: string;
  key: string;
  /** Of the request: the same key with another one is a mistake. */
  digest: string;
  /** By when the first request is taken for dead, where it has no answer by then. */
  leased_until: Date;
  /** Null while the first request with the key is at work. */
  answer: ColumnType<ApiAnswer | null, string | null | undefined, string | null>;
  kept_until: Date;
}

/** An answer of the HTTP API. */
export interface ApiAnswer {
  readonly status: number;
  readonly location?: string | undefined;
  readonly type: string;
  readonly body: unknown;
}
