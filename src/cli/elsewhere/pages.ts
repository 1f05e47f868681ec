import { z } from 'zod';
import { pageOf } from '../../json/schemas/parts.ts';
import type { Client, Query } from './client.ts';

/** The most that the API gives at once. */
const perPage = 500;

/** A whole list, page by page. @param limit - how many at most; all where it isn't given */
export async function listOf<Item extends z.ZodType>(
  client: Client,
  path: string,
  item: Item,
  query: Query,
  limit = Number.POSITIVE_INFINITY,
): Promise<z.output<Item>[]> {
  const items: z.output<Item>[] = [];
  const page = pageOf(item);
  for (let cursor: string | undefined; ; ) {
    const asked = { ...query, cursor, limit: Math.min(perPage, limit - items.length) };
    const answer = await client.get(path, page, asked);
    items.push(...answer.items);
    if (answer.next === null || items.length >= limit) return items.slice(0, limit);
    cursor = answer.next;
  }
}

/** A list that comes whole. */
export const itemsOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });
