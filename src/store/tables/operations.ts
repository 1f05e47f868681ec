/** Operations. */
import type { ColumnType, Generated } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileAttributes, ProfileId } from '../../profile-api/profile.ts';
import type { OperationId, OperationKind, OperationState, RunId } from '../operations/operation.ts';
import type { Json } from './column.ts';

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
  /** The job that it was last put there as. */
  dispatched_as: string | null;
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
