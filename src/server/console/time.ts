/** Points in time on a page: said in words, with the exact time to be had. */
import { type Html, html } from '../../html/html.ts';
import { absoluteTime, relativeTime } from '../../words/time.ts';

export const when = (at: Date, now: Date): Html =>
  html`<time datetime="${at.toISOString()}" title="${absoluteTime(at)}">${relativeTime(at, now)}</time>`;
