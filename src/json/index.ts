/** What is stored, for machines: camelCase, times in ISO 8601, absent values as null. The same for `--json` and the API. */
export { conflictsJson } from './conflicts.ts';
export { departureJson } from './departure.ts';
export { explanationJson } from './explanation.ts';
export { findingJson } from './finding.ts';
export { operationJson } from './operation.ts';
export { planJson } from './plan.ts';
export { rulingJson } from './ruling.ts';
export { runJson } from './run.ts';
export type { ToldEntry, ToldVerdict } from './schemas/audit.ts';
export type {
  ToldConflicts,
  ToldFinding,
  ToldOperation,
  ToldRetried,
  ToldRuled,
  ToldRuling,
} from './schemas/operation.ts';
export type {
  ToldAnswer,
  ToldComparison,
  ToldDeparture,
  ToldExplanation,
  ToldInvitation,
  ToldMappingStep,
  ToldOpenOperation,
  ToldPastEvent,
  ToldPerson,
  ToldSourceEntry,
  ToldStep,
} from './schemas/person.ts';
export type { ToldApproval, ToldCountedRun, ToldCounts, ToldPlan, ToldRun } from './schemas/run.ts';
export type { ToldBraked, ToldPause, ToldSourceState, ToldStatus, ToldTried } from './schemas/status.ts';
export { statusJson } from './status.ts';
export type { Told } from './told.ts';
export { whatIfJson } from './what-if.ts';
