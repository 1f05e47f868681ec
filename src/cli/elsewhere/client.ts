/** The HTTP API of a service, as the command line asks it. The token goes to the service's own address and nowhere else. */
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import got, { type Request } from 'got';
import type { z } from 'zod';
import { version } from '../../../config/version.ts';
import { readRetryAfter } from '../../profile-api/retry-after.ts';
import { Failure } from '../failure.ts';
import type { ServiceAddress } from './address.ts';
import {
  type Answered,
  codeOf,
  isOfTls,
  jsonIn,
  problemIn,
  refusalIn,
  unanswered,
  unreadable,
} from './trouble.ts';

type Value = string | number | undefined;
export type Query = Readonly<Record<string, Value | readonly Value[]>>;

export interface Client {
  /** The service's address, for people. */
  readonly origin: string;
  get<Answer>(path: string, answer: z.ZodType<Answer>, query?: Query): Promise<Answer>;
  /** However often it has to be sent, it is done once. */
  post<Answer>(path: string, answer: z.ZodType<Answer>, body?: object): Promise<Answer>;
  /** Writes what is answered, as it comes; `out` stays open. */
  download(path: string, query: Query, out: Writable): Promise<void>;
  /** The bytes of an answer that does not end, once it has begun. */
  stream(path: string): Promise<Request>;
}

/** How long each try may take until the connection stands, and until the answer begins: some acts read the whole org. */
const connectMs = 10_000;
const answerMs = 600_000;
/** A stream beats every 20 s: one that is silent for longer is dead. */
const silenceMs = 65_000;
const tries = 3;
const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** A page has 500 operations at most; more than this is no answer of ours. */
const longestAnswer = 256 * 1_024 * 1_024;

export function clientOf({ url, token }: ServiceAddress, signal: AbortSignal): Client {
  const { origin } = url;
  const http = got.extend({
    headers: { authorization: `Bearer ${token}`, 'user-agent': `Rollcall/${version}`, accept: '*/*' },
    // It could lead to another host, and would take the token along.
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
    https: { rejectUnauthorized: true },
    timeout: { lookup: connectMs, connect: connectMs, secureConnect: connectMs, response: answerMs },
    signal,
  });
  // Whatever a service says, the token is not in what is told.
  const discreet = (text: string): string => text.replaceAll(token, '***');
  const addressOf = (path: string, query: Query = {}): URL => {
    const address = new URL(`api/v1${path}`, url);
    for (const [name, values] of Object.entries(query))
      for (const value of Array.isArray(values) ? values : [values])
        if (value !== undefined) address.searchParams.append(name, String(value));
    return address;
  };

  async function once(request: Request): Promise<Answered> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      if (length > longestAnswer) throw new Failure(`${origin} answers without an end. Is it a Rollcall?`);
      chunks.push(bytes);
    }
    const text = discreet(Buffer.concat(chunks).toString());
    const { statusCode: status = 0, headers = {} } = request.response ?? {};
    return { origin, status, headers, text };
  }

  async function ask(send: () => Request): Promise<Answered> {
    for (let attempt = 1; ; attempt += 1) {
      let answered: Answered | undefined;
      try {
        answered = await once(send());
        if (attempt === tries || !isForAnotherTry(answered)) return answered;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Failure) throw error;
        if (attempt === tries || isOfTls(codeOf(error))) throw unanswered(origin, error);
      }
      const asked = readRetryAfter(headerOf(answered, 'retry-after'), headerOf(answered, 'date'), Date.now());
      await sleep(Math.min(asked ?? firstPauseMs * 2 ** attempt, longestPauseMs), undefined, { signal });
    }
  }

  async function answerOf<Answer>(send: () => Request, schema: z.ZodType<Answer>): Promise<Answer> {
    const answered = await ask(send);
    if (answered.status < 200 || answered.status > 299) throw refusalIn(answered);
    const parsed = schema.safeParse(jsonIn(answered.text));
    if (parsed.success) return parsed.data;
    throw unreadable(answered, parsed.error.issues[0]?.path.join('.'));
  }

  /** @throws where the answer is none, or not what was asked for */
  async function begun(request: Request): Promise<Request> {
    await new Promise<void>((resolve, reject) => {
      request.once('response', () => resolve());
      request.once('error', reject);
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw unanswered(origin, error);
    });
    if (request.response?.statusCode === 200) return request;
    throw refusalIn(await once(request));
  }

  return {
    origin,
    get: (path, answer, query) => answerOf(() => http.stream(addressOf(path, query)), answer),
    post(path, answer, body = {}) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      const text = JSON.stringify(body);
      return answerOf(() => http.stream.post(addressOf(path), { headers, body: text }), answer);
    },
    async download(path, query, out) {
      const request = await begun(http.stream(addressOf(path, query)));
      try {
        await pipeline(request, out, { end: false });
      } catch (cause) {
        signal.throwIfAborted();
        throw new Failure(
          `The connection to ${origin} broke off in the middle. What has arrived is not the whole: do it again.`,
          { cause },
        );
      }
    },
    stream: (path) =>
      begun(http.stream(addressOf(path), { timeout: { connect: connectMs, socket: silenceMs } })),
  };
}

/** Nothing was done, or it is being done: the same may be sent again. */
function isForAnotherTry(answered: Answered): boolean {
  return answered.status === 503 || problemIn(answered)?.type === 'urn:rollcall:problem:key-at-work';
}

function headerOf(answered: Answered | undefined, name: string): string | undefined {
  const value = answered?.headers[name];
  return typeof value === 'string' ? value : undefined;
}
