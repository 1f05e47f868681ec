/** How things stand, by the store and the queue, whichever process is asked: of several, take the largest. */
import type { Gauge } from 'prom-client';
import { type Engine, type Status, statusOf } from '../../engine/index.ts';
import type { CircuitStatus } from '../../execute/index.ts';
import { type WaitingLeavers, waitingLeavers } from '../../store/departures/departures.ts';
import { latestCompleteRun, type Run } from '../../store/runs/runs.ts';
import { hasRole, serviceRoles } from '../../store/service/services.ts';
import type { Instruments } from './instruments.ts';

export interface Standing {
  /** Looks at everything anew. @throws what the store or the queue throws; then nothing of it is told */
  look(engine: Engine): Promise<void>;
}

/** All that is told together, so that two who ask at the same time are each told a whole. */
interface Seen {
  readonly status: Status;
  readonly jobs: Awaited<ReturnType<Engine['dispatcher']['depths']>>;
  readonly leavers: readonly WaitingLeavers[];
  readonly good: readonly (Run | undefined)[];
}

const circuitStates = [
  'closed',
  'warming-up',
  'half-open',
  'open',
] as const satisfies readonly CircuitStatus['kind'][];
const secondsOf = (at: Date): number => at.getTime() / 1_000;

export function standingMetrics({ gauge: ownGauge }: Instruments): Standing {
  const all: { readonly gauge: Gauge<string>; readonly isSingle: boolean }[] = [];
  const gauge = <Label extends string>(name: string, help: string, ...labels: Label[]): Gauge<Label> => {
    const made = ownGauge(name, help, ...labels);
    all.push({ gauge: made, isSingle: labels.length === 0 });
    return made;
  };
  const storeUp = ownGauge(
    'store_up',
    'Whether store and queue answered: 1 or 0. On 0, nothing else here is told.',
  );
  const rateLimit = ownGauge(
    'profile_api_rate_limit_requests_per_second',
    'Requests to the profile API that the configuration allows, over all processes.',
  );

  const lastGood = gauge(
    'source_last_good_snapshot_timestamp_seconds',
    'When the source was last read as a whole and could be trusted.',
    'source',
  );
  const people = gauge(
    'source_people',
    'People at the last good snapshot: read, in_scope, skipped (by a record that cannot be used) and conflict.',
    'source',
    'standing',
  );
  const profiles = gauge(
    'source_profiles_linked_active',
    'Active profiles that are linked to the source, at its last good snapshot: what shares in guards are of.',
    'source',
  );
  const lastRun = gauge('source_last_run_timestamp_seconds', 'When the last run was requested.', 'source');
  const lastRunFailed = gauge('source_last_run_failed', 'Whether the last run failed: 1 or 0.', 'source');
  const nextRun = gauge(
    'source_next_run_timestamp_seconds',
    'When the schedule has its next run; not told where there is none.',
    'source',
  );
  const quarantined = gauge(
    'source_quarantined',
    'Whether the source is in quarantine, is tried less often and removes nobody: 1 or 0.',
    'source',
  );
  const operations = gauge('operations', 'Operations that are not over, and failed ones.', 'state');
  const plansWaiting = gauge('plans_waiting', 'Plans that wait for approval.', 'source');
  const leaversWaiting = gauge(
    'leavers_waiting',
    'People who have left by the word of HR, an operator or a leave date, and are active still: state is due, or held by a guard.',
    'source',
    'state',
  );
  const leaverSince = gauge(
    'leaver_waiting_since_timestamp_seconds',
    'Since when the first of them waits; not told where nobody does.',
    'source',
    'state',
  );
  const refused = gauge(
    'execution_paused',
    'Whether nothing is carried out, since the profile API refuses the key: 1 or 0.',
  );
  const paused = gauge('paused', 'Whether everything is paused by a person: 1 or 0.');
  const sourcePaused = gauge('source_paused', 'Whether the source is paused by a person: 1 or 0.', 'source');
  const inMaintenance = gauge('maintenance', 'Whether a maintenance window is in force: 1 or 0.');
  const services = gauge('services', 'Processes at work.', 'role');
  const circuits = gauge(
    'circuits',
    'Processes by how they find the profile API: closed is well, open is down, half-open asks whether it is back, warming-up goes gently.',
    'state',
  );
  const auditBroken = gauge('audit_broken', 'Whether the audit log was found broken: 1 or 0.');
  const undelivered = gauge('alerts_undelivered', 'Alerts that a channel has not taken so far.', 'channel');
  const jobs = gauge(
    'queue_jobs',
    'Jobs of the queue, in the states that BullMQ gives them.',
    'queue',
    'state',
  );

  function tell({ status, jobs: depths, leavers, good }: Seen): void {
    for (const { id: source, lastGoodReadingAt, lastRun: run, nextRun: next, ...how } of status.sources) {
      if (lastGoodReadingAt !== undefined) lastGood.set({ source }, secondsOf(lastGoodReadingAt));
      if (run !== undefined) lastRun.set({ source }, secondsOf(run.requested_at));
      if (next !== undefined) nextRun.set({ source }, secondsOf(next.at));
      lastRunFailed.set({ source }, Number(run?.state === 'failed'));
      quarantined.set({ source }, Number(how.quarantine !== undefined));
      sourcePaused.set({ source }, Number(how.pause !== undefined));
      plansWaiting.set({ source }, status.heldPlans.filter((plan) => plan.source === source).length);
      for (const state of ['due', 'held']) leaversWaiting.set({ source, state }, 0);
    }
    for (const run of good) tellOfReading(run);
    for (const { source, isHeld, count, since } of leavers) {
      const labels = { source, state: isHeld ? 'held' : 'due' };
      leaversWaiting.set(labels, count);
      leaverSince.set(labels, secondsOf(since));
    }
    operations.set({ state: 'queued' }, status.queue.queued);
    operations.set({ state: 'running' }, status.queue.running);
    operations.set({ state: 'failed' }, status.failed);
    operations.set(
      { state: 'held' },
      status.heldPlans.reduce((sum, { waiting }) => sum + waiting, 0),
    );
    refused.set(Number(status.pause !== undefined && status.pause.actor === undefined));
    paused.set(Number(status.pause?.actor !== undefined));
    inMaintenance.set(Number(status.maintenance.current !== undefined));
    for (const role of serviceRoles)
      services.set({ role }, status.services.filter((service) => hasRole(service, role)).length);
    for (const state of circuitStates)
      circuits.set({ state }, status.services.filter(({ circuit }) => circuit?.kind === state).length);
    for (const { channel, waiting } of status.deafChannels) undelivered.set({ channel }, waiting);
    auditBroken.set(Number(status.auditBreak !== undefined));
    for (const { queue, state, count } of depths) jobs.set({ queue, state }, count);
  }

  function tellOfReading(run: Run | undefined): void {
    if (run === undefined || run.summary === null) return;
    const { source_id: source, summary } = run;
    people.set({ source, standing: 'read' }, summary.identities);
    people.set({ source, standing: 'in_scope' }, summary.inScope);
    people.set({ source, standing: 'skipped' }, summary.skipped);
    people.set({ source, standing: 'conflict' }, summary.conflicts);
    profiles.set({ source }, summary.linkedActive);
  }

  function forget(): void {
    for (const { gauge: one, isSingle } of all) {
      // Reset, one without labels is 0, which would be told as a fact.
      if (isSingle) one.remove();
      else one.reset();
    }
    storeUp.set(0);
  }

  return {
    async look(engine) {
      const { rateLimit: limit } = engine.config.profileApi;
      rateLimit.set(limit === 'off' ? Number.POSITIVE_INFINITY : (limit.max * 1_000) / limit.per);
      try {
        const { db } = engine.store;
        const [status, depths, leavers, good] = await Promise.all([
          statusOf(engine),
          engine.dispatcher.depths(),
          waitingLeavers(db, new Date()),
          Promise.all(engine.sources.map(({ id }) => latestCompleteRun(db, id))),
        ]);
        forget();
        tell({ status, jobs: depths, leavers, good });
        storeUp.set(1);
      } catch (error) {
        forget();
        throw error;
      }
    },
  };
}
