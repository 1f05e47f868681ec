/** What came back from Graph, told apart by what to do about it. */
import { z } from 'zod';
import { boundedText, maxAnswerMib } from './bounded-text.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Graph's own words about an error. */
export interface GraphError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId: string | undefined;
}

export type Answer =
  | { readonly kind: 'object'; readonly body: JsonObject }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' }
  /** Graph says what is wrong. */
  | { readonly kind: 'error'; readonly error: GraphError }
  /** No answer of Graph's: a proxy's page, half a body, something else. */
  | { readonly kind: 'unreadable'; readonly status: number; readonly what: string };

const errorSchema = z.looseObject({
  code: z.string(),
  message: z.string().nullish(),
  innerError: z.looseObject({ 'request-id': z.string().optional() }).nullish(),
  innererror: z.looseObject({ 'request-id': z.string().optional() }).nullish(),
});
const errorEnvelope = z.looseObject({ error: errorSchema });

/** @throws what the network did to the body */
export async function readAnswer(response: Response, expects: 'json' | 'text'): Promise<Answer> {
  const text = await boundedText(response);
  const { status, headers } = response;
  if (text === undefined)
    return { kind: 'unreadable', status, what: `an answer of more than ${maxAnswerMib} MiB` };
  if (status === 204 && text === '') return { kind: 'nothing' };
  if (expects === 'text' && response.ok && !isHtml(headers)) return { kind: 'text', text };
  return answerOf(status, parsed(text), headers, text.length);
}

/** The same of a part of a batch, whose body is JSON already. */
export function answerOf(status: number, body: unknown, headers: Headers, length = 0): Answer {
  const requestId = headers.get('request-id') ?? undefined;
  const failed = errorEnvelope.safeParse(body);
  // A 200 with an error in it is an error.
  if (failed.success) {
    const { code, message, innerError, innererror } = failed.data.error;
    const id = (innerError ?? innererror)?.['request-id'] ?? requestId;
    return { kind: 'error', error: { status, code, message: message ?? '', requestId: id } };
  }
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && isObject(body)) return { kind: 'object', body };
  if (isSuccess && body === undefined && length === 0 && status !== 200) return { kind: 'nothing' };
  if (!isSuccess && (status !== 404 || isObject(body))) {
    const message = isObject(body) ? '' : length === 0 ? 'no body' : 'a body that is no JSON';
    return { kind: 'error', error: { status, code: '', message, requestId } };
  }
  return { kind: 'unreadable', status, what: unreadable(headers, length) };
}

function unreadable(headers: Headers, length: number): string {
  if (length === 0) return 'an empty body';
  return isHtml(headers) ? 'a web page' : 'a body that is cut off, or no JSON';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isHtml = (headers: Headers): boolean => headers.get('content-type')?.includes('html') ?? false;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
