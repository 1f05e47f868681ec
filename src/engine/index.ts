/** Rollcall as a process: everything opened, the service, and single runs. */

export { type ConfiguredSource, type Engine, type EngineOptions, openEngine } from './engine.ts';
export { discreetDetails } from './explain/discreet.ts';
export {
  type ExplainOutcome,
  type ExplainRequest,
  explainPerson,
  type LookedAt,
  peopleCalled,
} from './explain/explain-person.ts';
export type * from './explain/explanation.ts';
export type { Candidate } from './explain/who-is-meant.ts';
export { type CheckedPart, checkAll, checkSource } from './look/check.ts';
export { type FoundPeople, findPeople } from './look/find-people.ts';
export { type Status, statusOf } from './look/status.ts';
export { type SourceWhatIf, type Trial, tryOut } from './look/what-if.ts';
export type { ConductedRun, Meters } from './meters.ts';
export { endSession, type OwnAccountSetup, setUpOwnAccount } from './own-account.ts';
export { carryOutRun, haltUnder, isAtWork, isServed } from './progress/at-work.ts';
export { type Halt, isAtRest, type RunProgress, type WaitEnd, waitForRun } from './progress/wait-for-run.ts';
export type { NextRun } from './rounds/schedules.ts';
export { notConfirmedYet, patienceMs as verificationPatienceMs } from './rounds/verification.ts';
export { rulesOf } from './rules.ts';
export { type Service, startService } from './service.ts';
export { openWatches, type Watches } from './watches.ts';
