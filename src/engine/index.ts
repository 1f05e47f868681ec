/** Rollcall as a process: everything opened, the service, and single runs. */
export { carryOutRun, haltUnder, isAtWork, isServed } from './at-work.ts';
export { type CheckedPart, checkAll, checkSource } from './check.ts';
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
export { type FoundPeople, findPeople } from './find-people.ts';
export type { ConductedRun, Meters } from './meters.ts';
export { endSession, type OwnAccountSetup, setUpOwnAccount } from './own-account.ts';
export { rulesOf } from './rules.ts';
export type { NextRun } from './schedules.ts';
export { type Service, startService } from './service.ts';
export { type Status, statusOf } from './status.ts';
export { notConfirmedYet, patienceMs as verificationPatienceMs } from './verification.ts';
export { type Halt, isAtRest, type RunProgress, type WaitEnd, waitForRun } from './wait-for-run.ts';
export { openWatches, type Watches } from './watches.ts';
export { type SourceWhatIf, type Trial, tryOut } from './what-if.ts';
