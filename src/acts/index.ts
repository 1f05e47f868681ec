/** What an operator does, however it is said: at the command line, in the console or to the API. */
export type { Acting } from './acting.ts';
export { type ConflictView, conflictsIn } from './conflicts.ts';
export { type CountedRun, counted } from './counted-runs.ts';
export { departuresCalled, type SaidOutcome, sayLeft, sayReturned } from './departures.ts';
export { dispatchSoon } from './dispatch.ts';
export { type Asked, type ExplainedOutcome, explainNamed } from './explain.ts';
export {
  type DiscardOutcome,
  discardChosen,
  type FailureChoice,
  type RetryOutcome,
  retryChosen,
} from './failures.ts';
export { inviteNamed } from './invite-again.ts';
export { type Braked, type PauseWish, pause, resume, unpaused } from './pause.ts';
export { overtakenCount, type PlanView, viewPlan } from './plan-view.ts';
export { progressOf } from './progress.ts';
export { clearQuarantineOf } from './quarantine.ts';
export type { Refusal } from './refusal.ts';
export { raisableGuards, requestByHand, type WishedRun } from './request-run.ts';
export {
  adoptFor,
  ignoreNamed,
  type PersonWord,
  type RuleOutcome,
  takeRulingBack,
} from './rulings.ts';
export { runNamed } from './run-named.ts';
export { sourcesNamed } from './source-named.ts';
export { testChannels } from './test-channels.ts';
export {
  type ApproveOutcome,
  approveNamed,
  type RejectOutcome,
  rejectNamed,
  undoNamed,
} from './word-on-plan.ts';
