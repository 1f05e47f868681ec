/** What a failed try means for the operation, by what the API client says of it. */
import { ProfileApiError } from '../profile-api/index.ts';
import type { Outcome, ServerAnswer } from './outcome.ts';

/**
 * @param timeoutMs - how long a request may take: one that timed out may still be at work on the server for as long
 */
export function outcomeOf(error: unknown, timeoutMs: number): Outcome {
  if (!(error instanceof ProfileApiError)) {
    const message = error instanceof Error ? error.message : String(error);
    return again(`Something unforeseen went wrong: ${message}`, { mayHaveHappened: true });
  }
  const { answer, message } = error;
  const said = saidBy(answer);
  switch (answer.kind) {
    case 'refused':
      return { kind: 'stop', message, ...said };
    case 'licence-full':
      return { kind: 'licence-full', message, ...said };
    case 'bad-record':
    case 'not-found':
      return { kind: 'failed', message, ...said };
    case 'not-understood':
      return again(message, { ...said, mayHaveHappened: answer.mayHaveHappened });
    case 'unknown-outcome': {
      const afterMs =
        answer.reason === 'timeout' ? Math.max(timeoutMs, answer.retryAfterMs ?? 0) : answer.retryAfterMs;
      return again(message, { ...said, afterMs, mayHaveHappened: true });
    }
    case 'retry-later':
      return again(message, {
        ...said,
        afterMs: answer.retryAfterMs,
        countsAsAttempt: answer.reason !== 'rate-limited',
      });
    default:
      return answer satisfies never;
  }
}

function saidBy({ status, sentence }: ProfileApiError['answer']): { readonly answer?: ServerAnswer } {
  return status === undefined ? {} : { answer: { status, sentence } };
}

type Again = Extract<Outcome, { kind: 'again' }>;

const again = (message: string, rest: Partial<Again>): Again => ({
  kind: 'again',
  message,
  afterMs: undefined,
  countsAsAttempt: true,
  mayHaveHappened: false,
  ...rest,
});
