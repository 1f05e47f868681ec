/** The audit log, and how far it was found whole, archived and streamed. */
import type { ColumnType, Generated } from 'kysely';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { ProfileId } from '../../profile-api/profile.ts';
import type { OperationId, RunId } from '../operations/operation.ts';
import type { Int8, Json } from './column.ts';

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
