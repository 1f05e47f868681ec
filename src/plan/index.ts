/** From two readings to a frozen plan, and a person's word on it. */

export { type Overtaken, overtakenIn } from './after/overtaken.ts';
export { expirePlans, settleRun, settleRuns } from './after/settle.ts';
export {
  type Verification,
  type VerificationMeans,
  verifyDeactivations,
} from './after/verify-deactivations.ts';
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
export { type NextStep, type Outlook, type OutlookMeans, outlookFor } from './outlook.ts';
export { PlanError } from './plan-error.ts';
export { type PlanMeans, type PlanProgress, withProgress } from './plan-means.ts';
export { precedenceOf } from './policy.ts';
export { clearQuarantine } from './reading/quarantine.ts';
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
export { type ApprovalOutcome, approvePlan, rejectPlan, type Word } from './word/approval.ts';
export { type InvitingPolicy, planInvitation } from './word/invite-again.ts';
export { type PauseTerms, pauseByWord, pauseInWords, resumeByWord, resumeOverdue } from './word/pause.ts';
export { resumeExecution } from './word/resume.ts';
export { type NamedPerson, type RulingOutcome, ruleAdoption, ruleIgnored, takeBack } from './word/rule.ts';
export { planUndo } from './word/undo.ts';
