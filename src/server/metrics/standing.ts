/** How things stand, by the store and the queue, whichever process is asked: of several, take the largest. */
import { Gauge, type Registry } from 'prom-client';
import type { Engine } from '../../engine/index.ts';
import { type Status, statusOf } from '../../engine/index.ts';

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
  const operations = gauge('operations', 'Operations that are not over, and failed ones.', 'state');
  const plansWaiting = gauge('plans_waiting', 'Plans that wait for approval.', 'source');
  const paused = gauge('execution_paused', 'Whether nothing is carried out at the moment: 1 or 0.');
  const services = gauge('services', 'Processes at work.', 'role');
  const circuitsOpen = gauge('circuits_open', 'Processes that have found the profile API to be down.');
  const auditBroken = gauge('audit_broken', 'Whether the audit log was found broken: 1 or 0.');
  const jobs = gauge('queue_jobs', 'Jobs of the queue.', 'queue', 'state');
  const byLabel = [lastGood, lastRun, lastRunFailed, operations, plansWaiting, services, jobs];
  const single = [paused, circuitsOpen, auditBroken];

  function tell(status: Status): void {
    for (const { id: source, lastGoodReadingAt, lastRun: run } of status.sources) {
      if (lastGoodReadingAt !== undefined) lastGood.set({ source }, lastGoodReadingAt.getTime() / 1_000);
      if (run !== undefined) lastRun.set({ source }, run.requested_at.getTime() / 1_000);
      lastRunFailed.set({ source }, Number(run?.state === 'failed'));
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
      services.set({ role }, status.services.filter(({ roles }) => roles.split(',').includes(role)).length);
    const isDown = (kind: string | undefined): boolean => kind === 'open' || kind === 'half-open';
    circuitsOpen.set(status.services.filter(({ circuit }) => isDown(circuit?.kind)).length);
    auditBroken.set(Number(status.auditBreak !== undefined));
  }

  return {
    async look() {
      for (const one of byLabel) one.reset();
      // Reset, one without labels is 0, which would be told as a fact.
      for (const one of single) one.remove();
      storeUp.set(0);
      const [status, depths] = await Promise.all([statusOf(engine), engine.dispatcher.depths()]);
      tell(status);
      for (const { queue, state, count } of depths) jobs.set({ queue, state }, count);
      storeUp.set(1);
    },
  };
}
