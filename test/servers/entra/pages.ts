/** Lists in pages, each but the last with a link to the next. */
export interface Page {
  readonly items: readonly unknown[];
  readonly next: string | undefined;
}

/** The page that `$skiptoken` names; its link repeats the query, as Graph's links do. */
export function pageOf(
  all: readonly unknown[],
  size: number,
  parameters: ReadonlyMap<string, string>,
  address: string,
): Page {
  const from = Number(parameters.get('$skiptoken')?.replace(/^at-/, '') ?? 0);
  const items = all.slice(from, from + size);
  if (from + size >= all.length) return { items, next: undefined };
  const kept = [...parameters].filter(([name]) => name !== '$skiptoken');
  const query = [...kept, ['$skiptoken', `at-${from + size}`] as const]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return { items, next: `${address}?${query}` };
}

/** A page's body. A page has the link to the next page or nothing. */
export const listBody = ({ items, next }: Page, context: string): object => ({
  '@odata.context': context,
  ...(next === undefined ? {} : { '@odata.nextLink': next }),
  value: items,
});
