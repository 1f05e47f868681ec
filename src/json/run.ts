import type { Run } from '../store/runs/runs.ts';
import { iso } from './iso.ts';

/** One run, with the summary of its plan. */
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
    althoughPaused: run.although_paused,
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
