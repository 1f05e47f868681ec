/** The processes at work, and what holds them all up. */
import type { ColumnType, Generated } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { Json } from './column.ts';

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

/** One row while a maintenance window is in force and its beginning was audited. */
export interface MaintenanceTable {
  is_only: Generated<boolean>;
  since: Date;
}
