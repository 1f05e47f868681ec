/** Sends one request and reads its whole answer. The only file that knows the HTTP library. */
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import got, { type Request, TimeoutError } from 'got';
import type { ProfileApiConfig } from '../../config/schema.ts';
import { requestSpan } from '../tracing/index.ts';
import { plainAddress } from './address.ts';
import { type Asked, type Effect, notUnderstood, type ProfileApiAnswer, ProfileApiError } from './answer.ts';
import { classifyAnswer } from './classify-answer.ts';
import { classifyFailure, type RequestFailure } from './classify-failure.ts';
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

/** Bytes with their media type. */
export interface Content {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
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
  const agent = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const client = got.extend({
    agent,
    https: readTlsOptions(config),
    headers: { authorization, 'user-agent': options.userAgent ?? 'Rollcall' },
    timeout: { request: config.timeout },
    // Retries belong to the queue, which knows what may be repeated.
    retry: { limit: 0 },
    // A redirect could take the key to another host, and turns a POST into a GET.
    followRedirect: false,
    throwHttpErrors: false,
  });
  const pace = options.pace ?? unpaced;

  return {
    async send(call) {
      const signals = [options.signal, call.signal].filter((one) => one !== undefined);
      const signal = AbortSignal.any(signals);
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
      const request = startRequest(client, call, signal);
      const wasConnected = watchConnection(request, call.address.protocol === 'https:');
      let bytes: Uint8Array | undefined;
      try {
        bytes = await readLimited(request);
      } catch (error) {
        tell(undefined);
        if (signal.aborted && !(call.effect === 'write' && wasConnected())) throw signal.reason;
        const failure = failureOf(error, wasConnected(), config.timeout);
        const cause = new Error(`${failure.code}: ${tidy(failure.message, secrets)}`);
        throw new ProfileApiError(classifyFailure(asked, failure, secrets), { cause });
      }

      const { response } = request;
      const status = response?.statusCode;
      tell(status);
      if (response === undefined || status === undefined || bytes === undefined) {
        const limit = `${maxAnswerBytes / 1024 / 1024} MiB`;
        throw notUnderstood(asked, status, `the answer is larger than ${limit}. Lower profileApi.pageSize.`);
      }
      const isFile = call.expects === 'file' && status >= 200 && status < 300;
      const body = isFile ? readFileBody(bytes) : readBody(bytes);
      const verdict = classifyAnswer(asked, { status, headers: response.headers, body }, secrets, Date.now());
      if (verdict === undefined) return { status, body, bytes, mediaType: response.headers['content-type'] };
      tellPace(pace, verdict.answer);
      throw new ProfileApiError(verdict);
    },
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

function tellPace(pace: Pace, answer: ProfileApiAnswer): void {
  if (answer.kind !== 'retry-later' && answer.kind !== 'unknown-outcome') return;
  if (answer.reason === 'rate-limited') pace.tooMany?.(answer.retryAfterMs);
  if (answer.retryAfterMs !== undefined) pace.slowDown?.(answer.retryAfterMs);
}

function startRequest(client: typeof got, call: Call, signal: AbortSignal): Request {
  const request = client.stream(call.address, {
    method: call.method,
    signal,
    headers: {
      accept: call.expects === 'file' ? 'text/csv, */*' : 'application/json',
      ...(call.content && { 'content-type': call.content.mediaType }),
    },
    ...(call.content && { body: call.content.bytes }),
  });
  // A stream of a method that may have a body waits for one.
  if (call.method !== 'GET' && call.content === undefined) request.end();
  return request;
}

/** Tells whether a connection stood, TLS included. Before that no byte of a request can have left. */
function watchConnection(request: Request, isTls: boolean): () => boolean {
  let wasConnected = false;
  const watch = (socket: Socket) => {
    if (!socket.connecting) wasConnected = true;
    else socket.once(isTls ? 'secureConnect' : 'connect', () => (wasConnected = true));
  };
  request.on('request', (sent: ClientRequest) => {
    if (sent.socket) watch(sent.socket);
    else sent.once('socket', watch);
  });
  return () => wasConnected;
}

/** The whole body, or `undefined` where it is larger than the limit. */
async function readLimited(request: Request): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    // Leaving the loop destroys the stream, and the connection with it.
    if (length > maxAnswerBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

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
    timedOutAfterMs: error instanceof TimeoutError ? timeoutMs : undefined,
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
