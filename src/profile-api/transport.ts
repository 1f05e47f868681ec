/** Sends one request when its turn has come, and says what its answer means. */
import type { ProfileApiConfig } from '../../config/schema.ts';
import { requestSpan } from '../tracing/index.ts';
import { plainAddress } from './address.ts';
import { type Asked, type Effect, notUnderstood, type ProfileApiAnswer, ProfileApiError } from './answer.ts';
import { classifyAnswer } from './classify-answer.ts';
import { classifyFailure, type RequestFailure } from './classify-failure.ts';
import { type Incoming, OutOfTimeError, openWire } from './exchange.ts';
import { type Body, readBody, readFileBody } from './json-body.ts';
import { type Pace, unpaced } from './pace.ts';
import { tidy } from './server-sentence.ts';
import { readTlsOptions } from './tls.ts';

/** A larger answer is refused, after decompression. */
const maxAnswerBytes = 64 * 1024 * 1024;

export interface Call {
  /** A verb phrase for messages, such as `create a profile`. */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A POST that only asks is a `read`: to repeat it does no harm. */
  readonly effect: Effect;
  readonly address: URL;
  /** The answer tells of many records; that some failed makes the request no failure. */
  readonly isReport?: boolean;
  readonly content?: Content;
  /** A `file` may be of any format but a web page; `json` is the default. */
  readonly expects?: 'json' | 'file';
  /** Texts besides the key that must not come up in an error, such as a password. */
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** A body with its media type. */
export interface Content {
  readonly mediaType: string;
  readonly body: string | Uint8Array;
}

/** A success, read to its last byte. */
export interface Reply {
  readonly status: number;
  readonly body: Body;
  readonly bytes: Uint8Array;
  readonly mediaType: string | undefined;
}

/** What goes for every request. */
export interface TransportOptions {
  readonly pace?: Pace;
  /** Ends everything that is under way. */
  readonly signal?: AbortSignal;
  /** The `User-Agent` header. */
  readonly userAgent?: string;
  /** Told of every request that went out. */
  readonly onRequest?: (request: SentRequest) => void;
}

/** A request and what became of it, in numbers. */
export interface SentRequest {
  readonly method: Call['method'];
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  /** Until the last byte of the answer, without waiting for its turn at the rate limit. */
  readonly durationMs: number;
  /** For its turn at the rate limit, before it went out. */
  readonly waitedMs: number;
}

export interface Transport {
  /**
   * @throws {ProfileApiError} for everything but a success
   * @throws the signal's reason, when aborted before a write can have had an effect
   */
  send(call: Call): Promise<Reply>;
  /** Closes the connections kept alive. */
  close(): void;
}

type TransportConfig = Pick<
  ProfileApiConfig,
  'apiKey' | 'authScheme' | 'timeout' | 'ca' | 'insecureSkipTlsVerify'
>;

/** @throws {ProfileApiError} when the key cannot stand in a header, or the CA file cannot be read */
export function createTransport(config: TransportConfig, options: TransportOptions = {}): Transport {
  const apiKey = readableKey(config.apiKey);
  const authorization = config.authScheme === '' ? apiKey : `${config.authScheme} ${apiKey}`;
  const wire = openWire(readTlsOptions(config), maxAnswerBytes);
  const usual = { authorization, 'user-agent': options.userAgent ?? 'Rollcall' };
  const pace = options.pace ?? unpaced;

  return {
    async send(call) {
      const signal = eitherOf(options.signal, call.signal);
      const secrets = [apiKey, ...(call.secrets ?? [])];
      const asked: Asked = { ...call, url: plainAddress(call.address) };
      const askedAt = performance.now();
      await pace.take(signal);
      signal.throwIfAborted();

      const sentAt = performance.now();
      const span = requestSpan(`${call.method} profile API`, {
        'http.request.method': call.method,
        'server.address': call.address.hostname,
      });
      const tell = (status: number | undefined): void => {
        const durationMs = performance.now() - sentAt;
        span.end(status);
        options.onRequest?.({ method: call.method, status, durationMs, waitedMs: sentAt - askedAt });
      };
      const { answer, wasConnected } = wire.send({
        address: call.address,
        method: call.method,
        headers: { ...usual, ...headersOf(call) },
        body: call.content?.body,
        timeoutMs: config.timeout,
        signal,
      });
      let incoming: Incoming;
      try {
        incoming = await answer;
      } catch (error) {
        tell(undefined);
        if (signal.aborted && !(call.effect === 'write' && wasConnected())) throw signal.reason;
        const failure = failureOf(error, wasConnected(), config.timeout);
        const cause = new Error(`${failure.code}: ${tidy(failure.message, secrets)}`);
        throw new ProfileApiError(classifyFailure(asked, failure, secrets), { cause });
      }

      const { status, headers, bytes } = incoming;
      tell(status);
      if (bytes === undefined) {
        const limit = `${maxAnswerBytes / 1024 / 1024} MiB`;
        throw notUnderstood(asked, status, `the answer is larger than ${limit}. Lower profileApi.pageSize.`);
      }
      const isFile = call.expects === 'file' && status >= 200 && status < 300;
      const body = isFile ? readFileBody(bytes) : readBody(bytes);
      const verdict = classifyAnswer(asked, { status, headers, body }, secrets, Date.now());
      if (verdict === undefined) return { status, body, bytes, mediaType: headers['content-type'] };
      tellPace(pace, verdict.answer);
      throw new ProfileApiError(verdict);
    },
    close() {
      wire.close();
    },
  };
}

function tellPace(pace: Pace, answer: ProfileApiAnswer): void {
  if (answer.kind !== 'retry-later' && answer.kind !== 'unknown-outcome') return;
  if (answer.reason === 'rate-limited') pace.tooMany?.(answer.retryAfterMs);
  if (answer.retryAfterMs !== undefined) pace.slowDown?.(answer.retryAfterMs);
}

const never = new AbortController().signal;

function eitherOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal {
  if (one === undefined || other === undefined) return one ?? other ?? never;
  return AbortSignal.any([one, other]);
}

const headersOf = ({ expects, content }: Call): Record<string, string> => ({
  accept: expects === 'file' ? 'text/csv, */*' : 'application/json',
  ...(content && { 'content-type': content.mediaType }),
});

/** What of an error may be told. The error of the library itself carries the request's headers, and stays here. */
function failureOf(error: unknown, wasConnected: boolean, timeoutMs: number): RequestFailure {
  const inner = error instanceof Error ? error.cause : undefined;
  const text = (from: unknown, key: string) => {
    const value: unknown = typeof from === 'object' && from !== null ? Reflect.get(from, key) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    code: text(error, 'code') ?? text(error, 'name') ?? 'UNKNOWN',
    syscall: text(inner, 'syscall') ?? text(error, 'syscall'),
    message: text(error, 'message') ?? text(inner, 'message') ?? 'no further word',
    wasConnected,
    timedOutAfterMs: error instanceof OutOfTimeError ? timeoutMs : undefined,
  };
}

function readableKey(configured: string): string {
  const apiKey = configured.trim();
  if (/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(apiKey)) return apiKey;
  throw new ProfileApiError({
    answer: { kind: 'refused', status: undefined, sentence: undefined },
    message:
      'profileApi.apiKey is empty or holds characters that no HTTP header can carry. Check where it is read from.',
  });
}
