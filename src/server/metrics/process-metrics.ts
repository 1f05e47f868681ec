/** What this process has done since it started, as Prometheus counts it. */
import { Counter, collectDefaultMetrics, Histogram, type Registry } from 'prom-client';
import type { Meters } from '../../engine/index.ts';

const secondsOf = (durationMs: number): number => durationMs / 1_000;

/** Names and units follow https://prometheus.io/docs/practices/naming/. */
export function processMetrics(registry: Registry): Meters {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const tries = new Counter({
    name: 'rollcall_operation_tries_total',
    help: 'Tries of operations, by what they came to: queued is one that is made again.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const tryDuration = new Histogram({
    name: 'rollcall_operation_try_duration_seconds',
    help: 'How long a try takes, from taking the operation to storing its outcome.',
    labelNames: ['kind'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const runs = new Counter({
    name: 'rollcall_runs_total',
    help: 'Runs taken to a plan, or to a failure.',
    labelNames: ['source', 'outcome'],
    registers,
  });
  const runDuration = new Histogram({
    name: 'rollcall_run_duration_seconds',
    help: 'How long it takes to read both sides and make the plan.',
    labelNames: ['source'],
    buckets: [0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000],
    registers,
  });
  const requests = new Counter({
    name: 'rollcall_profile_api_requests_total',
    help: 'Requests to the profile API, by the status of the answer; none where there was no answer.',
    labelNames: ['method', 'code'],
    registers,
  });
  const requestDuration = new Histogram({
    name: 'rollcall_profile_api_request_duration_seconds',
    help: 'How long the profile API takes for an answer, without waiting for a turn at the rate limit.',
    labelNames: ['method'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const leaverLatency = new Histogram({
    name: 'rollcall_leaver_latency_seconds',
    help: 'From the word that somebody left, or its time where that was later, until they are found to be inactive.',
    labelNames: ['cause'],
    buckets: [0.1, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600],
    registers,
  });

  return {
    operationTried({ kind, state, durationMs }) {
      tries.inc({ kind, outcome: state });
      tryDuration.observe({ kind }, secondsOf(durationMs));
    },
    runConducted({ source, outcome, durationMs }) {
      runs.inc({ source, outcome });
      runDuration.observe({ source }, secondsOf(durationMs));
    },
    requestSent({ method, status, durationMs }) {
      requests.inc({ method, code: status ?? 'none' });
      requestDuration.observe({ method }, secondsOf(durationMs));
    },
    leaverVerified({ cause, latencyMs }) {
      leaverLatency.observe({ cause }, secondsOf(latencyMs));
    },
  };
}
