/** Lets a profile API that is down rest, instead of using up everybody's attempts, and feels its way back. */
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
} from 'cockatiel';
import type { Logger } from 'pino';
import { ProfileApiError } from '../profile-api/index.ts';
import { backoffMs } from './backoff.ts';

/** Requests in a row, over all operations of the process, after which the API counts as down. */
const failuresInARow = 5;
const firstRestMs = 1_000;
const longestRestMs = 60_000;

/** Requests that succeed with so many operations at a time, for each of them, before twice as many are let in. */
const answersPerPlace = 2;

/** How a worker has met the API: up, down and left alone, down and asked again, or getting more to do step by step. */
export type CircuitStatus =
  | { readonly kind: 'closed' }
  /** The API is back, and gets more to do step by step. */
  | {
      readonly kind: 'warming-up';
      readonly since: Date;
      /** Operations at a time, of those that the configuration allows. */
      readonly places: number;
    }
  | {
      readonly kind: 'open' | 'half-open';
      /** When it opened first; it has not closed since. */
      readonly since: Date;
      /** What the last request came to, in a sentence. */
      readonly reason: string;
    };

/** Whether nothing is to be taken: the API is down, or was when it was last asked. Of a status as it is stored, too. */
export const isResting = <Status extends { readonly kind: CircuitStatus['kind'] }>(
  status: Status,
): status is Extract<Status, { kind: 'open' | 'half-open' }> =>
  status.kind === 'open' || status.kind === 'half-open';

export interface Circuit {
  readonly status: CircuitStatus;
  /** Makes a request, and learns from what comes of it. It goes out even if the circuit is open. */
  watch<Answer>(request: () => Promise<Answer>): Promise<Answer>;
  /** Whether this failure is the fault of an API that was known to be down: then it is nobody's attempt. */
  isSpared(error: unknown): boolean;
  stop(): void;
}

export interface CircuitMeans {
  /** One cheap request. */
  probe(signal: AbortSignal): Promise<unknown>;
  /** No operation shall be taken any more. */
  onOpen(): void;
  onClose(): void;
  /** Operations at a time when all is well. */
  readonly places: number;
  /** No more than so many operations shall be carried out at a time from now on. */
  onPlaces(places: number): void;
  readonly log: Logger;
}

/** The probe itself could not be made, so nothing is known. */
class NoProbeError extends Error {
  override readonly name = 'NoProbeError';
}

export function startCircuit({ probe, onOpen, onClose, places, onPlaces, log }: CircuitMeans): Circuit {
  const stopping = new AbortController();
  const spared = new WeakSet<object>();
  let status: CircuitStatus = { kind: 'closed' };
  let restMs = 0;
  let answers = 0;
  let timer: NodeJS.Timeout | undefined;

  const breaker = circuitBreaker(
    handleWhen((error) => isDown(error) || error instanceof NoProbeError),
    {
      breaker: new ConsecutiveBreaker(failuresInARow),
      halfOpenAfter: new DelegateBackoff(({ attempt }) => {
        restMs = backoffMs(attempt, { attempts: 0, backoffMs: firstRestMs, maxBackoffMs: longestRestMs });
        return restMs;
      }),
    },
  );

  const probeAfter = (ms: number): void => {
    timer = setTimeout(() => void askWhetherBack(), ms);
  };
  async function askWhetherBack(): Promise<void> {
    try {
      await breaker.execute(async () => {
        try {
          await probe(stopping.signal);
        } catch (error) {
          // Any other answer, even a refusal, is that of an API which is there: the operations find out the rest.
          if (isDown(error)) throw error;
          if (!(error instanceof ProfileApiError))
            throw new NoProbeError(sentenceOf(error), { cause: error });
        }
      });
    } catch (error) {
      // The timer was a moment early; all other failures have opened the circuit again.
      if (error instanceof BrokenCircuitError && !stopping.signal.aborted) probeAfter(50);
    }
  }

  breaker.onBreak((failure) => {
    if (stopping.signal.aborted) return;
    const reason = 'error' in failure ? sentenceOf(failure.error) : 'It gave no usable answer.';
    const isFirst = !isResting(status);
    status = { kind: 'open', since: isResting(status) ? status.since : new Date(), reason };
    const entry = { event: 'circuit.opened', since: status.since, restMs };
    const rest = `It is asked again in ${(restMs / 1_000).toFixed(1)} s.`;
    if (isFirst)
      log.error(
        entry,
        `The profile API has failed ${failuresInARow} times in a row and is left to rest; no operation is taken meanwhile, and none loses an attempt. ${rest} ${reason}`,
      );
    else log.warn(entry, `The profile API is still down. ${rest} ${reason}`);
    probeAfter(restMs);
    if (isFirst) onOpen();
  });
  breaker.onHalfOpen(() => {
    if (isResting(status)) status = { ...status, kind: 'half-open' };
    log.info({ event: 'circuit.half-open' }, 'The profile API is asked whether it is back.');
  });
  breaker.onReset(() => {
    if (stopping.signal.aborted) return;
    const restedMs = isResting(status) ? Date.now() - status.since.getTime() : 0;
    // All at once might bring it down again.
    letIn(1);
    log.info(
      { event: 'circuit.closed', restedMs },
      `The profile API answers again after ${Math.round(restedMs / 1_000)} s; operations go on, one at a time at first.`,
    );
    onClose();
  });

  function letIn(atATime: number): void {
    answers = 0;
    if (atATime >= places) {
      if (status.kind === 'warming-up')
        log.info({ event: 'circuit.warm', places }, 'The profile API copes; all operations go on as usual.');
      status = { kind: 'closed' };
    } else {
      const since = status.kind === 'warming-up' ? status.since : new Date();
      status = { kind: 'warming-up', since, places: atATime };
    }
    onPlaces(Math.min(atATime, places));
  }

  function noteAnswer(isUsable: boolean): void {
    if (status.kind !== 'warming-up') return;
    answers += 1;
    if (!isUsable) letIn(1);
    else if (answers >= status.places * answersPerPlace) letIn(status.places * 2);
  }

  /** Notes who failed when the API was known to be down before they did. */
  async function noted<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    try {
      return await request();
    } catch (error) {
      if (breaker.state !== CircuitState.Closed && error instanceof ProfileApiError && isDown(error))
        spared.add(error);
      throw error;
    }
  }

  return {
    get status() {
      return status;
    },
    async watch(request) {
      // While it is open the probe alone decides.
      if (breaker.state !== CircuitState.Closed) return await noted(request);
      const settled = await breaker.execute(async () => {
        try {
          const answer = await noted(request);
          noteAnswer(true);
          return { answer };
        } catch (error) {
          if (isDown(error)) noteAnswer(false);
          if (!isAnswerOfLivingApi(error)) throw error;
          noteAnswer(true);
          return { refusal: error };
        }
      });
      if ('refusal' in settled) throw settled.refusal;
      return settled.answer;
    },
    isSpared: (error) => typeof error === 'object' && error !== null && spared.has(error),
    stop() {
      stopping.abort(new Error('Rollcall is stopping.'));
      clearTimeout(timer);
    },
  };
}

/** Nothing usable came, which one record alone can hardly be the reason for. Too many requests (429) are no such thing. */
function isDown(error: unknown): boolean {
  if (!(error instanceof ProfileApiError)) return false;
  const { answer } = error;
  if (answer.kind === 'retry-later') return answer.reason !== 'rate-limited';
  return answer.kind === 'unknown-outcome' || answer.kind === 'not-understood';
}

const isAnswerOfLivingApi = (error: unknown): boolean =>
  error instanceof ProfileApiError && !isDown(error) && error.answer.kind !== 'retry-later';

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
