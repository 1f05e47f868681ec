/** What this process has done since it started, as Prometheus counts it. */
import { collectDefaultMetrics, type Registry } from 'prom-client';
import type { Meters } from '../../engine/index.ts';
import type { Instruments } from './instruments.ts';

const secondsOf = (durationMs: number): number => durationMs / 1_000;

/** Of requests, and of tries, which are made of them. */
const quick = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
/** Of whole readings, of which the largest take an hour. */
const lengthy = [0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000];
const ofLeavers = [0.1, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600];

export function processMetrics(registry: Registry, { counter, seconds }: Instruments): Meters {
  collectDefaultMetrics({ register: registry });

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
  const turnWait = seconds(
    'profile_api_turn_wait',
    'How long a request waits for its turn at the rate limit, before it goes out.',
    quick,
    'method',
  );
  const rateLowered = counter(
    'profile_api_rate_lowered',
    'Times that the rate was halved for all processes, since the profile API counted too many requests (429).',
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
    requestSent({ method, status, durationMs, waitedMs }) {
      requests.inc({ method, code: status ?? 'none' });
      requestDuration.observe({ method }, secondsOf(durationMs));
      turnWait.observe({ method }, secondsOf(waitedMs));
    },
    rateLowered: () => rateLowered.inc(),
    leaverVerified({ cause, latencyMs }) {
      leaverLatency.observe({ cause }, secondsOf(latencyMs));
    },
  };
}
