/** The tables, as Kysely sees them. `migrations/` makes them; the repositories in the folders beside this file are their only users. */
import type { AlertTable, IncidentTable } from './tables/alerts.ts';
import type { AuditHeadTable, AuditStreamTable, AuditTable, AuditVerifiedTable } from './tables/audit.ts';
import type { OperationTable } from './tables/operations.ts';
import type { ClaimTable, DepartureTable, LinkTable, RevisitTable, RulingTable } from './tables/people.ts';
import type { ApiAnswerTable, DeliveryTable, SessionTable } from './tables/requests.ts';
import type { RunFindingTable, RunTable } from './tables/runs.ts';
import type { ChoreTable, MaintenanceTable, PauseTable, ServiceTable } from './tables/service.ts';
import type {
  CursorTable,
  QuarantineTable,
  ScheduleTable,
  TrustedReadingTable,
  WatchTable,
} from './tables/sources.ts';

export type * from './tables/alerts.ts';
export type * from './tables/audit.ts';
export type * from './tables/operations.ts';
export type * from './tables/people.ts';
export type * from './tables/requests.ts';
export type * from './tables/runs.ts';
export type * from './tables/service.ts';
export type * from './tables/sources.ts';

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
