/** What commands ask of Rollcall, wherever it is: of the store beside them, or of a service by its API. */

import type { Writable } from 'node:stream';
import type { FailureChoice, PauseWish, PersonWord } from '../../acts/index.ts';
import type { ArchivesVerdict, ExportFormat } from '../../audit/index.ts';
import type { Halt } from '../../engine/index.ts';
import type {
  ToldAnswer,
  ToldApproval,
  ToldBraked,
  ToldConflicts,
  ToldCountedRun,
  ToldCounts,
  ToldDeparture,
  ToldEntry,
  ToldExplanation,
  ToldFinding,
  ToldInvitation,
  ToldOperation,
  ToldPlan,
  ToldRetried,
  ToldRuled,
  ToldRuling,
  ToldRun,
  ToldStatus,
  ToldTried,
  ToldVerdict,
} from '../../json/index.ts';
import type { OperationState } from '../../store/operations/operation.ts';
import type { Raise } from '../../store/runs/runs.ts';
import type { ReadingMode, ReadSoFar } from '../../store/schema.ts';
import type { ServiceRole } from '../../store/service/services.ts';
import type { ExitCode } from '../exit.ts';

/**
 * All that is told has the forms of src/json, the same in both cases, so that there is one way to print it.
 *
 * Any of these may throw: a {@link UsageError} where what was asked can't be, a {@link Failure} where it could not be done.
 */
export interface Rollcall {
  status(): Promise<ToldStatus>;
  /** Whether a service with that role is at work, to which something can be left. */
  isServed(role: ServiceRole): Promise<boolean>;

  /** The latest first. */
  runs(limit: number): Promise<readonly ToldCountedRun[]>;
  plan(run: string): Promise<ToldPlan>;
  operations(filter: OperationWish, limit?: number): Promise<readonly ToldOperation[]>;
  findings(run: string): Promise<readonly ToldFinding[]>;

  /** The ids of the sources: the one that was named, or all. */
  sources(named: string | undefined): Promise<readonly string[]>;
  /** Of these the ones that may be read, and a sentence on each that is paused. */
  unpaused(named: string | undefined): Promise<Unpaused>;
  /** Asks for a run, and sees to its plan where no service does. */
  beginRun(wish: RunWish): Promise<BegunRun>;
  /** Makes a plan of which nothing is carried out before somebody approves it. */
  makePlan(wish: PlanWish): Promise<MadePlan>;
  /** Has what is released of a run carried out, and waits for its end. */
  carryOut(run: string, onProgress: (progress: ToldProgress) => void): Promise<ToldEnd>;
  approve(plan: string, reason: string): Promise<ToldApproval>;
  /** @returns how many operations are dropped */
  reject(plan: string, reason: string): Promise<number>;
  /** @returns the plan that reverses the run's deactivations */
  undo(run: string): Promise<string>;
  retry(choice: FailureChoice, reason: string | undefined): Promise<ToldRetried>;
  /** @returns how many */
  discard(choice: FailureChoice, reason: string | undefined): Promise<number>;

  conflicts(source: string | undefined): Promise<readonly ToldConflicts[]>;
  adopt(word: PersonWord & { readonly profile: string }): Promise<ToldRuled>;
  ignore(word: PersonWord): Promise<ToldRuled>;
  takeRulingBack(kind: ToldRuling['kind'], word: PersonWord): Promise<ToldRuling>;
  offboard(word: LeavingWord): Promise<ToldAnswer>;
  reinstate(word: PersonWord): Promise<ToldAnswer>;
  departures(of: PersonNamed): Promise<readonly ToldDeparture[]>;
  inviteAgain(word: PersonWord): Promise<ToldInvitation>;
  explain(who: string, source: string | undefined): Promise<ToldExplanation>;

  pause(wish: PauseWish): Promise<ToldBraked>;
  resume(wish: Pick<PauseWish, 'source' | 'reason'>): Promise<ToldBraked>;
  /** @returns the source */
  clearQuarantine(source: string, reason: string): Promise<string>;

  /** The latest, oldest of them first. */
  auditEntries(filter: AuditWish, limit: number): Promise<readonly ToldEntry[]>;
  /** @param onProgress - told of how many entries are written, where that is known */
  exportAudit(
    filter: AuditWish,
    format: ExportFormat,
    out: Writable,
    onProgress?: (written: number) => void,
  ): Promise<void>;
  /** @param onProgress - told of how many entries were looked at, of how many, where that is known */
  verifyAudit(check: AuditCheck, onProgress?: (done: number, total: number) => void): Promise<VerifiedAudit>;
  testChannels(channel: string | undefined): Promise<readonly ToldTried[]>;
}

export interface OperationWish {
  readonly run?: string | undefined;
  readonly states?: readonly OperationState[] | undefined;
}

export interface Unpaused {
  readonly free: readonly string[];
  readonly paused: readonly string[];
}

interface ReadingWish {
  readonly source: string;
  readonly reading: ReadingMode;
  /** One person alone, by e-mail, login or id. */
  readonly onlyWho: string | undefined;
  readonly raise: Raise | undefined;
}

export interface RunWish extends ReadingWish {
  readonly althoughPaused: boolean | undefined;
}

export interface PlanWish extends ReadingWish {
  /** The absolute path of an LDIF file that is read in place of the source. */
  readonly from: string | undefined;
}

export type BegunRun =
  /** A service takes it up. */
  | { readonly kind: 'left'; readonly run: string }
  | { readonly kind: 'planned'; readonly run: string }
  /** Why has been told. */
  | { readonly kind: 'failed'; readonly run: string; readonly code: ExitCode };

export interface MadePlan {
  readonly plan: ToldPlan;
  /** The exit status of what kept it from being made, which has been told; undefined where it is made. */
  readonly failure: ExitCode | undefined;
}

/** How far a run's operations are. */
export interface ToldProgress {
  readonly ended: number;
  readonly total: number;
  /** How many are being created as the rows of one file. */
  readonly inFile: number;
  /** While a service reads for it. */
  readonly reading?: (ReadSoFar & { readonly expected: ReadSoFar | null }) | undefined;
}

/** What came of a run that was waited for. */
export interface ToldEnd {
  readonly run: ToldRun;
  readonly counts: ToldCounts;
  /** Why it does not go on, where it has not come to rest. */
  readonly halt: Halt | undefined;
  /** Of those whom it deactivated, how many are active by the org's own word; why that isn't known. */
  readonly unconfirmed: number;
  readonly unverified: string | undefined;
}

export interface PersonNamed {
  readonly who?: string | undefined;
  readonly source?: string | undefined;
}

export interface LeavingWord extends PersonWord {
  /** A day, which is included, or a time; at once where left out. */
  readonly at?: string | undefined;
  readonly timezone?: string | undefined;
}

export interface AuditWish {
  readonly who?: string | undefined;
  readonly run?: string | undefined;
  readonly since?: Date | undefined;
}

export interface AuditCheck {
  /** A head noted earlier. */
  readonly head: string | undefined;
  /** The absolute paths of archives. */
  readonly archives: readonly string[] | undefined;
}

export interface VerifiedAudit {
  readonly log: ToldVerdict;
  /** Undefined where none were given. */
  readonly archives: ArchivesVerdict | undefined;
}
