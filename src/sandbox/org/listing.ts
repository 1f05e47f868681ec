/** `GET /`: a numbered page of live data, in a body whose shape the reference does not tell. */

import type { Org } from './org.ts';
import { Refusal } from './refusal.ts';
import { isSortKey } from './sorted-users.ts';
import type { WireProfile } from './user.ts';

/** The bodies that an org may answer a listing with: a bare array, or one inside an object. */
export type ListShape = 'bare' | 'results' | 'data' | 'nested';

/** Puts a list of users into the body that this org answers with. */
export function shapeList(shape: ListShape, users: readonly WireProfile[], count: number): unknown {
  switch (shape) {
    case 'bare':
      return users;
    case 'results':
      return { count, results: users };
    case 'data':
      return { status: 'success', total: count, data: users };
    case 'nested':
      return { response: { users } };
    default:
      return shape satisfies never;
  }
}

/** One page, counted from 1; a page beyond the end is empty. Nothing holds the data still between two pages.
 * @throws Refusal 400 without `items_per_page` or `page` */
export function readPage(
  org: Org,
  query: Readonly<Record<string, unknown>>,
  maxItemsPerPage: number,
): readonly WireProfile[] {
  const size = Math.min(requiredNumber(query, 'items_per_page'), maxItemsPerPage);
  const page = requiredNumber(query, 'page');
  const sort = typeof query.sort === 'string' && isSortKey(query.sort) ? query.sort : 'user';
  const order = org.sortedBy(sort);
  const first = (page - 1) * size;
  const isReversed = ['true', '1'].includes(String(query.reverse).toLowerCase());
  const part = isReversed
    ? order.slice(Math.max(0, order.length - first - size), Math.max(0, order.length - first)).reverse()
    : order.slice(first, first + size);
  return part.map((user) => user.current.profile);
}

function requiredNumber(query: Readonly<Record<string, unknown>>, name: string): number {
  const value = query[name];
  if (value === undefined || value === '') throw new Refusal(400, `Please provide ${name}.`);
  if (typeof value !== 'string' || !/^[1-9]\d{0,8}$/.test(value))
    throw new Refusal(400, `Please provide a valid ${name}.`);
  return Number(value);
}
