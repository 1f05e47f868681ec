import type { Status } from '../engine/index.ts';
import type { Standstill } from '../schedule/index.ts';
import type { Pause } from '../store/service/pauses.ts';
import { iso } from './iso.ts';

/** How everything is. Times are ISO 8601 in UTC, and null where there is none. */
export function statusJson(report: Status) {
  const { pause, auditBreak } = report;
  return {
    pause: pauseJson(pause),
    maintenance: {
      current: standstillJson(report.maintenance.current),
      next: standstillJson(report.maintenance.next),
    },
    auditBreak:
      auditBreak === undefined
        ? null
        : { at: auditBreak.at, sentence: auditBreak.sentence, since: auditBreak.since.toISOString() },
    sources: report.sources.map(
      ({ id, lastRun, nextRun, lastGoodReadingAt, noticesTrouble, quarantine, pause }) => ({
        id,
        lastRun:
          lastRun === undefined
            ? null
            : {
                id: lastRun.id,
                state: lastRun.state,
                reading: lastRun.reading,
                error: lastRun.error,
                read:
                  lastRun.state === 'reading'
                    ? { identities: lastRun.identities_read ?? 0, profiles: lastRun.profiles_read ?? 0 }
                    : null,
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
        pause: pauseJson(pause),
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
    deafChannels: report.deafChannels.map(({ channel, waiting, since, trouble }) => ({
      ...{ channel, waiting, trouble },
      since: since.toISOString(),
    })),
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

function pauseJson(pause: Pause | undefined) {
  if (pause === undefined) return null;
  const { reason, actor, since, until, leavers } = pause;
  return { reason, since: since.toISOString(), actor: actor ?? null, until: iso(until), leavers };
}

function standstillJson(standstill: Standstill | undefined) {
  if (standstill === undefined) return null;
  const { from, until, leavers, reason } = standstill;
  return { from: from.toISOString(), until: iso(until), leavers, reason: reason ?? null };
}
