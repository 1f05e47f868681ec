/** What one audit entry says, and the hash that ties it to the one before. */
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { OperationId, RunId } from '../store/operations/operation.ts';
import type { AuditTable } from '../store/schema.ts';

/** Everything that the log tells of. A name that was written once stays: old entries are proved by it. */
export const auditActions = [
  'run.requested',
  'run.planned',
  'run.failed',
  'guard.raised',
  'approval.given',
  'plan.approved',
  'run.held',
  'source.quarantined',
  'source.released',
  'plan.rejected',
  'plan.expired',
  'operation.done',
  'operation.failed',
  'operation.superseded',
  'operation.retried',
  'operation.discarded',
  'link.released',
  'account.set-up',
  'backup.made',
  'audit.archived',
  'deactivation.unconfirmed',
  'deactivations.verified',
  'departure.noted',
  'departure.taken-back',
  'ruling.made',
  'ruling.taken-back',
  'execution.paused',
  'execution.resumed',
  'source.paused',
  'source.resumed',
  'maintenance.began',
  'maintenance.ended',
  'console.signed-in',
] as const;

/** What an entry tells of. */
export type AuditAction = (typeof auditActions)[number];

/** An entry to be appended. Never a password, key or token in any of it. */
export interface AuditEntry {
  /** Who: `schedule`, `notice` (of a source), `worker`, or a person at the command line, as in `cli:anna`. */
  readonly actor: string;
  readonly action: AuditAction;
  readonly run?: RunId | undefined;
  readonly operation?: OperationId | undefined;
  readonly source?: SourceId | undefined;
  readonly anchor?: Anchor | undefined;
  readonly profile?: ProfileId | undefined;
  readonly email?: string | undefined;
  readonly reason?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An entry as it is stored. */
export type StoredEntry = Selectable<AuditTable>;

/** What the hash covers: everything but the hash itself. */
export type HashedPart = Omit<StoredEntry, 'hash'>;

/** SHA-256, in hexadecimal, over the entry's fields in a fixed order, its predecessor's hash first. */
export function hashOf(entry: HashedPart): string {
  const fields = [
    entry.prev_hash,
    String(entry.seq),
    entry.at.toISOString(),
    entry.actor,
    entry.action,
    entry.run_id,
    entry.operation_id,
    entry.source_id,
    entry.anchor,
    entry.profile_id,
    entry.email,
    entry.reason,
    canonical(entry.details),
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/** JSON with keys in order, since a jsonb column does not keep theirs. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
