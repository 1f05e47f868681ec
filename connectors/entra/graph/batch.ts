/** Many small requests in few: up to twenty in one `$batch`, each answered for itself, in any order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Answer, answerOf } from './answer.ts';
import type { Asked } from './failures.ts';
import { type Graph, mayPass, type Patience } from './graph.ts';
import { retryAfterMs } from './retry-after.ts';

export interface BatchPart {
  readonly method: 'GET' | 'POST';
  /** Below the version, beginning with a slash. */
  readonly address: string;
  readonly body?: object;
}

export interface BatchRequest extends Asked {
  readonly parts: readonly BatchPart[];
  readonly signal: AbortSignal;
}

const perBatch = 20;
const batchesAtOnce = 4;

const batchSchema = z.looseObject({
  responses: z.array(
    z.looseObject({
      id: z.string(),
      status: z.int(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown().optional(),
    }),
  ),
});

/**
 * The answers in the order of the parts. One that Graph left out, or was throttled to the end, is an error answer.
 *
 * @throws {EntraError} when a batch as a whole fails
 */
export async function askAll(
  graph: Graph,
  request: BatchRequest,
  patience: Patience,
): Promise<readonly Answer[]> {
  const answers = new Map<number, Answer>();
  let open = request.parts.map((_, index) => index);
  for (let tried = 1; open.length > 0; tried += 1) {
    const groups = chunksOf(open, perBatch);
    const waits: number[] = [];
    for (const round of chunksOf(groups, batchesAtOnce))
      for (const found of await Promise.all(round.map((group) => askOnce(graph, request, group))))
        for (const { index, answer, waitMs } of found) {
          answers.set(index, answer);
          if (waitMs !== undefined) waits.push(waitMs);
        }
    open = open.filter((index) => isPassing(answers.get(index)));
    const longest = Math.max(0, ...waits);
    if (tried >= patience.tries || longest > patience.longestWaitMs) break;
    const backoffMs = patience.waitMs * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
    if (open.length > 0) await sleep(longest + backoffMs, undefined, { signal: request.signal });
  }
  return request.parts.map((_, index) => answers.get(index) ?? leftOut);
}

const leftOut: Answer = { kind: 'unreadable', status: 200, what: 'no answer to one of its parts' };

const isPassing = (answer: Answer | undefined): boolean =>
  answer === undefined || (answer.kind === 'error' && mayPass(answer.error.status));

interface Found {
  readonly index: number;
  readonly answer: Answer;
  readonly waitMs: number | undefined;
}

async function askOnce(
  graph: Graph,
  request: BatchRequest,
  indexes: readonly number[],
): Promise<readonly Found[]> {
  const { parts, what, permission, signal } = request;
  const requests = indexes.map((index) => {
    const part = parts[index];
    const content = { 'content-type': 'application/json' };
    return {
      id: String(index),
      method: part?.method,
      url: part?.address,
      ...(part?.body === undefined ? {} : { headers: content, body: part.body }),
    };
  });
  const body = await graph.ask({
    what,
    permission,
    method: 'POST',
    address: '/$batch',
    body: { requests },
    signal,
  });
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) return [];
  const asked = new Set(indexes);
  return parsed.data.responses.flatMap(({ id, status, headers, body: inner }) => {
    const index = Number(id);
    if (!asked.has(index)) return [];
    const all = new Headers(headers ?? {});
    return [{ index, answer: answerOf(status, inner, all, 1), waitMs: retryAfterMs(all, Date.now()) }];
  });
}

export function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
