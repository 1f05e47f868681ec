/** Asks Graph: signed in, at the tenant's pace, again where that may help, with what fails told in sentences. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EntraError } from '../entra-error.ts';
import type { Tokens } from '../sign-in/tokens.ts';
import { type Answer, type JsonObject, readAnswer } from './answer.ts';
import { type Asked, connectionError, GraphFailure, unreadableError } from './failures.ts';
import type { Pace } from './pace.ts';
import { retryAfterMs } from './retry-after.ts';
import type { GraphCall, Transport } from './transport.ts';

export interface Question extends Asked {
  readonly method?: GraphCall['method'];
  /** Below the version (`/users?...`), or a link as Graph gave it. */
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly signal: AbortSignal;
}

export interface Graph {
  /** Where it is, without a version. */
  readonly host: string;
  /**
   * @throws {GraphFailure} when Graph refuses; {EntraError} when it can't be reached or understood
   * @throws the signal's reason, when aborted
   */
  ask(question: Question): Promise<JsonObject>;
  /** For `$count`, whose answer is a number alone. */
  askText(question: Question): Promise<string>;
  /** For what is answered by nothing. */
  tell(question: Question): Promise<void>;
}

export interface Patience {
  /** In all, of one request. */
  readonly tries: number;
  /** Before the second try; doubled each time, with jitter. */
  readonly waitMs: number;
  /** Whoever is asked to wait longer than this gives up instead. */
  readonly longestWaitMs: number;
}

export interface GraphMeans {
  readonly host: string;
  readonly transport: Transport;
  readonly tokens: Tokens;
  readonly pace: Pace;
  readonly patience: Patience;
  readonly timeoutMs: number;
}

export function createGraph(means: GraphMeans): Graph {
  return {
    host: means.host,
    async ask(question) {
      const answer = await askPatiently(question, 'json', means);
      if (answer.kind === 'object') return answer.body;
      throw unreadableError(question, 200, 'no JSON object');
    },
    async askText(question) {
      const answer = await askPatiently(question, 'text', means);
      if (answer.kind === 'text') return answer.text;
      throw unreadableError(question, 200, 'no text');
    },
    async tell(question) {
      await askPatiently(question, 'json', means);
    },
  };
}

/** Statuses that may pass: throttled, or the server (or one before it) is in trouble. */
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504, 509]);

export const mayPass = (status: number): boolean => passing.has(status);

type Success = Exclude<Answer, { readonly kind: 'error' | 'unreadable' }>;

type Tried =
  | { readonly kind: 'done'; readonly answer: Success }
  | { readonly kind: 'refused'; readonly failure: EntraError }
  | { readonly kind: 'token-refused'; readonly failure: EntraError }
  | { readonly kind: 'passing'; readonly failure: EntraError; readonly waitMs: number | undefined };

async function askPatiently(
  question: Question,
  expects: 'json' | 'text',
  means: GraphMeans,
): Promise<Success> {
  const { patience, tokens, pace } = means;
  let hadToken = false;
  for (let failed = 1; ; failed += 1) {
    const tried = await tryOnce(question, expects, means);
    switch (tried.kind) {
      case 'done':
        return tried.answer;
      case 'refused':
        throw tried.failure;
      case 'token-refused':
        // Once more with a new one: it may have been revoked, or have ended on its way.
        if (hadToken) throw tried.failure;
        hadToken = true;
        tokens.forget();
        break;
      case 'passing': {
        const { waitMs } = tried;
        if (failed >= patience.tries || (waitMs ?? 0) > patience.longestWaitMs) throw tried.failure;
        const backoffMs = patience.waitMs * 2 ** (failed - 1) * (0.5 + Math.random() / 2);
        // Who was told to wait comes back a little later than the others who were.
        if (waitMs !== undefined) pace.pause(waitMs);
        await sleep(waitMs === undefined ? backoffMs : waitMs + backoffMs / 4, undefined, {
          signal: question.signal,
        }).catch((error: unknown) => {
          throw question.signal.aborted ? question.signal.reason : error;
        });
        break;
      }
      default:
        tried satisfies never;
    }
  }
}

async function tryOnce(question: Question, expects: 'json' | 'text', means: GraphMeans): Promise<Tried> {
  const { signal } = question;
  const token = await means.tokens.get(signal);
  const release = await means.pace.take(signal);
  let response: Response;
  let answer: Answer;
  try {
    const { method = 'GET', address, headers = {}, body } = question;
    response = await means.transport({
      method,
      address,
      headers: { accept: 'application/json', 'client-request-id': randomUUID(), ...headers },
      body,
      token,
      signal: AbortSignal.any([signal, AbortSignal.timeout(means.timeoutMs)]),
    });
    answer = await readAnswer(response, expects);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof EntraError) return { kind: 'refused', failure: error };
    const failure = connectionError(error, means.host, means.timeoutMs);
    return failure.kind === 'certificate'
      ? { kind: 'refused', failure }
      : { kind: 'passing', failure, waitMs: undefined };
  } finally {
    release();
  }
  heedLimits(response.headers, means.pace);
  return judged(question, answer, response);
}

function judged(question: Question, answer: Answer, response: Response): Tried {
  switch (answer.kind) {
    case 'object':
    case 'text':
    case 'nothing':
      return { kind: 'done', answer };
    case 'unreadable':
      return {
        kind: 'passing',
        failure: unreadableError(question, answer.status, answer.what),
        waitMs: undefined,
      };
    case 'error': {
      const failure = new GraphFailure(question, answer.error);
      if (answer.error.status === 401) return { kind: 'token-refused', failure };
      if (mayPass(answer.error.status) || answer.error.status < 300)
        return { kind: 'passing', failure, waitMs: retryAfterMs(response.headers, Date.now()) };
      return { kind: 'refused', failure };
    }
    default:
      return answer satisfies never;
  }
}

function heedLimits(headers: Headers, pace: Pace): void {
  const share = Number(headers.get('x-ms-throttle-limit-percentage') ?? Number.NaN);
  if (Number.isFinite(share)) pace.heed(share);
}
