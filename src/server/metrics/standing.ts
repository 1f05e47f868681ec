/** How things stand, by the store and the queue, whichever process is asked: of several, take the largest. */
import { Gauge, type Registry } from 'prom-client';
import { type Engine, type Status, statusOf } from '../../engine/index.ts';
import { isResting } from '../../execute/index.ts';
import { hasRole } from '../../store/services.ts';

export interface Standing {
  /** Looks at everything anew. @throws what the store or the queue throws; then nothing of it is told */
  look(): Promise<void>;
}

export function standingMetrics(engine: Engine, registry: Registry): Standing {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: readonly Label[]) =>
    new Gauge({ name: `rollcall_${name}`, help, labelNames: [...labelNames], registers: [registry] });

  const storeUp = gauge(
    'store_up',
    'Whether store and queue answered: 1 or 0. On 0, nothing else here is told.',
  );
  const lastGood = gauge(
    'source_last_good_snapshot_timestamp_seconds',
    'When the source was last read as a whole and could be trusted.',
    'source',
  );
  const lastRun = gauge('source_last_run_timestamp_seconds', 'When the last run was requested.', 'source');
  const lastRunFailed = gauge('source_last_run_failed', 'Whether the last run failed: 1 or 0.', 'source');
  const quarantined = gauge(
    'source_quarantined',
    'Whether the source is in quarantine, is tried less often and removes nobody: 1 or 0.',
    'source',
  );
  const operations = gauge('operations', 'Operations that are not over, and failed ones.', 'state');
  const plansWaiting = gauge('plans_waiting', 'Plans that wait for approval.', 'source');
  const paused = gauge('execution_paused', 'Whether nothing is carried out at the moment: 1 or 0.');
  const services = gauge('services', 'Processes at work.', 'role');
  const circuitsOpen = gauge('circuits_open', 'Processes that have found the profile API to be down.');
  const auditBroken = gauge('audit_broken', 'Whether the audit log was found broken: 1 or 0.');
  const jobs = gauge('queue_jobs', 'Jobs of the queue.', 'queue', 'state');
  const byLabel = [lastGood, lastRun, lastRunFailed, quarantined, operations, plansWaiting, services, jobs];
  const single = [paused, circuitsOpen, auditBroken];

  function tell(status: Status): void {
    for (const { id: source, lastGoodReadingAt, lastRun: run, quarantine } of status.sources) {
      if (lastGoodReadingAt !== undefined) lastGood.set({ source }, lastGoodReadingAt.getTime() / 1_000);
      if (run !== undefined) lastRun.set({ source }, run.requested_at.getTime() / 1_000);
      lastRunFailed.set({ source }, Number(run?.state === 'failed'));
      quarantined.set({ source }, Number(quarantine !== undefined));
      plansWaiting.set({ source }, status.heldPlans.filter((plan) => plan.source === source).length);
    }
    operations.set({ state: 'queued' }, status.queue.queued);
    operations.set({ state: 'running' }, status.queue.running);
    operations.set({ state: 'failed' }, status.failed);
    operations.set(
      { state: 'held' },
      status.heldPlans.reduce((sum, { waiting }) => sum + waiting, 0),
    );
    paused.set(Number(status.pause !== undefined));
    for (const role of ['scheduler', 'worker'] as const)
      services.set({ role }, status.services.filter((service) => hasRole(service, role)).length);
    circuitsOpen.set(status.services.filter(({ circuit }) => circuit !== null && isResting(circuit)).length);
    auditBroken.set(Number(status.auditBreak !== undefined));
  }

  function forget(): void {
    for (const one of byLabel) one.reset();
    // Reset, one without labels is 0, which would be told as a fact.
    for (const one of single) one.remove();
    storeUp.set(0);
  }

  return {
    async look() {
      try {
        const [status, depths] = await Promise.all([statusOf(engine), engine.dispatcher.depths()]);
        // At once from here on: two who ask at the same time are each told a whole.
        forget();
        tell(status);
        for (const { queue, state, count } of depths) jobs.set({ queue, state }, count);
        storeUp.set(1);
      } catch (error) {
        forget();
        throw error;
      }
    },
  };
}
