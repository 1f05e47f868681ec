/** What is stored, in the form that `--json` prints: camelCase, times in ISO 8601, absent values as null. */
import type { ProfileAttributes } from '../../profile-api/profile.ts';
import type { Operation } from '../../store/operations.ts';
import type { Ruling } from '../../store/ruling.ts';
import type { Run, RunFinding } from '../../store/runs.ts';
import { type ConflictView, remediesOf } from './conflicts.ts';
import type { PlanView } from './plan-view.ts';
import type { StatusReport } from './status.ts';

export function runJson(run: Run) {
  return {
    id: run.id,
    source: run.source_id,
    mode: run.mode,
    reading: run.reading,
    trigger: run.trigger,
    actor: run.actor,
    state: run.state,
    onlyWho: run.only_who,
    summary: run.summary,
    error: run.error,
    raised: run.raised,
    raiseReason: run.raise_reason,
    approvals: run.approvals,
    approvedBy: run.approved_by,
    approvalReason: run.approval_reason,
    requestedAt: run.requested_at.toISOString(),
    startedAt: iso(run.started_at),
    plannedAt: iso(run.planned_at),
    expiresAt: iso(run.expires_at),
    endedAt: iso(run.ended_at),
  };
}

export function operationJson(operation: Operation) {
  return {
    id: operation.id,
    run: operation.run_id,
    source: operation.source_id,
    kind: operation.kind,
    state: operation.state,
    hold: operation.hold,
    anchor: operation.anchor,
    profileId: operation.profile_id,
    takenFrom: operation.releases,
    thenInvites: operation.invite_seq !== null,
    follows: operation.follows,
    email: operation.email,
    label: operation.label,
    reason: operation.reason,
    before: inOrder(operation.before),
    after: inOrder(operation.after),
    attempts: operation.attempts,
    message: operation.message,
    notBefore: operation.not_before.toISOString(),
    createdAt: operation.created_at.toISOString(),
    endedAt: iso(operation.ended_at),
  };
}

function findingJson(finding: RunFinding) {
  return {
    run: finding.run_id,
    kind: finding.kind,
    anchor: finding.anchor,
    label: finding.label,
    email: finding.email,
    reason: finding.reason,
    conflict: finding.conflict,
    profileId: finding.profile_id,
  };
}

export function planJson({ run, operations, findings, overtaken }: PlanView) {
  return {
    run: runJson(run),
    overtaken: overtaken ?? 0,
    operations: operations.map(operationJson),
    findings: findings.map(findingJson),
  };
}

export function rulingJson(ruling: Ruling | undefined) {
  if (ruling === undefined) return null;
  return {
    kind: ruling.kind,
    source: ruling.source,
    anchor: ruling.anchor,
    label: ruling.label,
    email: ruling.email ?? null,
    profileId: ruling.kind === 'adopt' ? ruling.profileId : null,
    actor: ruling.actor,
    reason: ruling.reason,
    at: ruling.at.toISOString(),
  };
}

export function conflictsJson({ source, run, conflicts, rulings }: ConflictView) {
  return {
    source,
    run: run === undefined ? null : { id: run.id, plannedAt: iso(run.planned_at) },
    conflicts: conflicts.map((finding) => ({ ...findingJson(finding), remedies: remediesOf(finding) })),
    rulings: rulings.map(rulingJson),
  };
}

export function statusJson(report: StatusReport) {
  const { pause, auditBreak } = report;
  return {
    pause: pause === undefined ? null : { reason: pause.reason, since: pause.since.toISOString() },
    auditBreak:
      auditBreak === undefined
        ? null
        : { at: auditBreak.at, sentence: auditBreak.sentence, since: auditBreak.since.toISOString() },
    sources: report.sources.map(
      ({ id, lastRun, nextRun, lastGoodReadingAt, noticesTrouble, quarantine }) => ({
        id,
        lastRun:
          lastRun === undefined
            ? null
            : {
                id: lastRun.id,
                state: lastRun.state,
                reading: lastRun.reading,
                error: lastRun.error,
                requestedAt: lastRun.requested_at.toISOString(),
              },
        nextRunAt: iso(nextRun?.at),
        nextReading: nextRun?.reading ?? null,
        lastGoodReadingAt: iso(lastGoodReadingAt),
        noticesTrouble: noticesTrouble ?? null,
        quarantine:
          quarantine === undefined
            ? null
            : {
                since: quarantine.since.toISOString(),
                reason: quarantine.reason,
                nextTryAt: iso(quarantine.nextTryAt),
              },
      }),
    ),
    queue: { queued: report.queue.queued, running: report.queue.running },
    heldPlans: report.heldPlans.map((plan) => ({
      id: plan.id,
      source: plan.source,
      waiting: plan.waiting,
      sentences: plan.sentences,
      overtaken: plan.overtaken,
      approvals: plan.approvals,
      expiresAt: iso(plan.expiresAt),
    })),
    failed: report.failed,
    services: report.services.map((service) => ({
      id: service.id,
      host: service.host,
      pid: service.pid,
      roles: service.roles.split(','),
      startedAt: service.started_at.toISOString(),
      seenAt: service.seen_at.toISOString(),
      circuit: service.circuit,
    })),
  };
}

const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;

/** The store does not keep the order of keys; a reader that compares two documents wants one. */
const inOrder = (attributes: ProfileAttributes): ProfileAttributes =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
