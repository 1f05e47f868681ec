/** What this process has done since it started, as Prometheus counts it. */
import { Counter, collectDefaultMetrics, Histogram, type Registry } from 'prom-client';
import type { Meters } from '../../engine/index.ts';

const secondsOf = (durationMs: number): number => durationMs / 1_000;

/** Of requests, and of tries, which are made of them. */
const quick = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
/** Of whole readings, of which the largest take an hour. */
const lengthy = [0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000];
const ofLeavers = [0.1, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600];

/** Names and units follow https://prometheus.io/docs/practices/naming/. */
export function processMetrics(registry: Registry): Meters {
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `rollcall_${name}_total`, help, labelNames, registers });
  const seconds = <Label extends string>(name: string, help: string, buckets: number[], label: Label) =>
    new Histogram({ name: `rollcall_${name}_seconds`, help, buckets, labelNames: [label], registers });

  const tries = counter(
    'operation_tries',
    'Tries of operations, by what they came to: queued is one that is made again.',
    'kind',
    'outcome',
  );
  const tryDuration = seconds(
    'operation_try_duration',
    'How long a try takes, from taking the operation to storing its outcome.',
    quick,
    'kind',
  );
  const runs = counter('runs', 'Runs taken to a plan, or to a failure.', 'source', 'outcome');
  const runDuration = seconds(
    'run_duration',
    'How long it takes to read both sides and make the plan.',
    lengthy,
    'source',
  );
  const requests = counter(
    'profile_api_requests',
    'Requests to the profile API, by the status of the answer; none where there was no answer.',
    'method',
    'code',
  );
  const requestDuration = seconds(
    'profile_api_request_duration',
    'How long the profile API takes for an answer, without waiting for a turn at the rate limit.',
    quick,
    'method',
  );
  const leaverLatency = seconds(
    'leaver_latency',
    'From the word that somebody left, or its time where that was later, until they are found to be inactive.',
    ofLeavers,
    'cause',
  );

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
