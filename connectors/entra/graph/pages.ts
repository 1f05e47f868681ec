/** Follows a list or a delta from page to page. The next page is on its way while the last one is worked on. */
import { z } from 'zod';
import { EntraError } from '../entra-error.ts';
import type { JsonObject } from './answer.ts';
import type { Asked } from './failures.ts';
import type { Graph } from './graph.ts';

export interface Page {
  readonly items: readonly JsonObject[];
  /** Only on the last page of a delta. */
  readonly deltaLink: string | undefined;
}

export interface PagesRequest extends Asked {
  /** Of the first page. */
  readonly address: string;
  /** Sent with every page: links don't carry them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A delta ends with a delta link, a list without. */
  readonly form: 'list' | 'delta';
  readonly signal: AbortSignal;
}

const pageSchema = z.looseObject({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().min(1).optional(),
  '@odata.deltaLink': z.string().min(1).optional(),
});

/** @throws {EntraError} when a page is not there, or is none. What was given before that is true all the same */
export async function* pagesOf(graph: Graph, request: PagesRequest): AsyncGenerator<Page> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([request.signal, leaving.signal]);
  const { what, permission, headers = {} } = request;
  const ask = (address: string): Promise<JsonObject> => {
    const answer = graph.ask({ what, permission, address, headers, signal });
    // Waited for below; until then a failure is nobody's.
    answer.catch(() => undefined);
    return answer;
  };
  const seen = new Set<string>();
  try {
    let pending = ask(request.address);
    for (;;) {
      const { items, next, deltaLink } = readPage(await pending, request);
      if (next !== undefined) {
        if (seen.has(next)) throw inCircles(request);
        seen.add(next);
        pending = ask(next);
      }
      yield { items, deltaLink };
      if (next === undefined) return;
    }
  } finally {
    leaving.abort(new Error('The reading was stopped.'));
  }
}

/** All items of a list that is known to be small. */
export async function allItems(
  graph: Graph,
  request: Omit<PagesRequest, 'form'>,
): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  for await (const { items } of pagesOf(graph, { ...request, form: 'list' })) all.push(...items);
  return all;
}

function readPage(body: JsonObject, { what, form }: PagesRequest) {
  const parsed = pageSchema.safeParse(body);
  if (!parsed.success) throw noPage(what, 'it has no list in it');
  const { value, '@odata.nextLink': next, '@odata.deltaLink': deltaLink } = parsed.data;
  if (next !== undefined && deltaLink !== undefined) throw noPage(what, 'it has two links, and can have one');
  if (form === 'delta' && next === undefined && deltaLink === undefined)
    throw noPage(what, 'it has no link, so that it is not the end either');
  // A page of hundreds: each was checked for being an object, and no more.
  const items = value.filter((item): item is JsonObject => typeof item === 'object' && item !== null);
  if (items.length < value.length) throw noPage(what, 'something in its list is no object');
  return { items, next, deltaLink };
}

const noPage = (what: string, why: string): EntraError =>
  new EntraError(
    'protocol',
    `${what} failed: a page of Graph's is not as it must be: ${why}`,
    'The next run begins anew. If it stays so, something on the way changes answers.',
  );

const inCircles = ({ what }: PagesRequest): EntraError =>
  new EntraError('protocol', `${what} failed: Graph's pages lead in circles`, 'The next run begins anew.');
