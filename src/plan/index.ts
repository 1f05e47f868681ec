/** From two readings to a frozen plan, and a person's word on it. */
export { type ApprovalOutcome, approvePlan, rejectPlan, type Word } from './approval.ts';
export { approveSaved } from './backup/approve-saved.ts';
export { type BackupForm, readBackup, type SavedProfile } from './backup/file.ts';
export { planRestore, type RestoreAsked, type RestorePlan } from './backup/restore.ts';
export { backupRule } from './backup/save-before.ts';
export {
  type Backup,
  type BackupAsked,
  type BackupMeans,
  type BackupRule,
  saveOrg,
} from './backup/save-org.ts';
export { type Conducted, conductRun } from './conduct-run.ts';
export { holdOver } from './guards/guard.ts';
export type { GuardedOperation, Holdable } from './guards/guarded.ts';
export { allowedOf, excessInWords, type Limit } from './guards/limit.ts';
export { type InvitingPolicy, planInvitation } from './invite-again.ts';
export { type NextStep, type Outlook, type OutlookMeans, outlookFor } from './outlook.ts';
export { type Overtaken, overtakenIn } from './overtaken.ts';
export { type PauseTerms, pauseByWord, pauseInWords, resumeByWord, resumeOverdue } from './pause.ts';
export { PlanError } from './plan-error.ts';
export { type PlanMeans, type PlanProgress, withProgress } from './plan-means.ts';
export { precedenceOf } from './policy.ts';
export { clearQuarantine } from './quarantine.ts';
export { resumeExecution } from './resume.ts';
export { type NamedPerson, type RulingOutcome, ruleAdoption, ruleIgnored, takeBack } from './rule.ts';
export { expirePlans, settleRun, settleRuns } from './settle.ts';
export { planUndo } from './undo.ts';
export { type Verification, type VerificationMeans, verifyDeactivations } from './verify-deactivations.ts';
export {
  checkedAttributes,
  type UnknownWord,
  unknownWords,
  type Vocabulary,
  vocabularyOf,
} from './vocabulary.ts';
export type {
  ChangedAttribute,
  ChangedStep,
  PlanDifference,
  SketchedPlan,
  ValueChange,
} from './what-if/compare-plans.ts';
export { type Variant, type WhatIf, type WhatIfMeans, whatIf } from './what-if/what-if.ts';
