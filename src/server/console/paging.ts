/** Long lists in pages, as links: each page has an address of its own. */
import { type Html, html } from '../../html/html.ts';
import type { Portion } from '../../store/runs/plan-pages.ts';

/** A path with what is after the question mark; what is empty is left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') given.set(key, String(value));
  return given.size === 0 ? path : `${path}?${given}`;
}

/** @param page - from 1 */
export const portionOf = (page: number, limit: number): Portion => ({ offset: (page - 1) * limit, limit });

/** @param href - where a page is to be found */
export function pager(
  name: string,
  { page, size, total }: { readonly page: number; readonly size: number; readonly total: number },
  href: (page: number) => string,
): Html {
  const last = Math.max(1, Math.ceil(total / size));
  if (last === 1) return html``;
  const from = Math.min(total, (page - 1) * size + 1);
  const link = (to: number, text: string, rel: string): Html =>
    to < 1 || to > last || to === page
      ? html`<span class="button off" aria-hidden="true">${text}</span>`
      : html`<a class="button" href="${href(to)}" rel="${rel}">${text}</a>`;
  return html`<nav class="pager" aria-label="Pages of ${name}">
${link(page === 1 ? 0 : 1, 'First', 'first')}${link(page - 1, 'Previous', 'prev')}
<span>${number(from)} to ${number(Math.min(total, page * size))} of ${number(total)}</span>
${link(page + 1, 'Next', 'next')}${link(last, 'Last', 'last')}</nav>`;
}

/** Such as `1 person` or `12,345 people`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

/** Such as 12,345. */
export const number = (value: number): string => value.toLocaleString('en');
