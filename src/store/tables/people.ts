/** Tables about single people: their ties, and what was said of them. */
import type { ColumnType, Generated } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileAttributes, ProfileId } from '../../profile-api/profile.ts';
import type { DepartureCause, DepartureId } from '../departures/departure.ts';
import type { OperationId, RunId } from '../operations/operation.ts';
import type { LinkOrigin } from '../people/link.ts';
import type { Ruling } from '../people/ruling.ts';
import type { Int8, Json } from './column.ts';

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
