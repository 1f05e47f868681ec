import type { Status } from '../engine/index.ts';
import { iso } from './iso.ts';

export function statusJson(report: Status) {
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
