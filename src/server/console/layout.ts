/** What every page of the console has around it. */
import { type Html, html } from '../../html/html.ts';
import { allows, type Role, type Visitor } from '../access/roles.ts';
import type { Assets } from './assets.ts';

export interface Frame {
  readonly visitor: Visitor | undefined;
  /** For the forms of the page. */
  readonly csrf: string;
  /** The page's own address, without what is after the question mark. */
  readonly path: string;
  readonly assets: Assets;
  /** What has just been done, or why it was not; shown once. */
  readonly notice?: Notice | undefined;
}

export interface Notice {
  readonly kind: 'done' | 'refused';
  readonly text: string;
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly role: Role;
}

const places: readonly Place[] = [
  { path: '/', name: 'Overview', role: 'viewer' },
  { path: '/runs', name: 'Plans and runs', role: 'viewer' },
  { path: '/people', name: 'People', role: 'viewer' },
  { path: '/failures', name: 'Failures and conflicts', role: 'viewer' },
  { path: '/sources', name: 'Sources', role: 'viewer' },
  { path: '/audit', name: 'Audit', role: 'viewer' },
  { path: '/queues', name: 'Queues', role: 'operator' },
  { path: '/configuration', name: 'Configuration', role: 'viewer' },
];

interface Behaviour {
  /** Ids of the parts that are brought up to date while the page is open. */
  readonly live?: readonly string[];
  /** What tells that they are out of date. */
  readonly liveFrom?: string;
  /** Where the browser goes on to by itself. */
  readonly goOn?: string;
}

export function page(
  title: string,
  content: Html,
  frame: Frame,
  { live = [], liveFrom = '/live', goOn }: Behaviour = {},
): string {
  const { visitor, csrf, path, assets, notice } = frame;
  const whole = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="htmx-config" content='{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0}'>
${goOn === undefined ? '' : html`<meta http-equiv="refresh" content="0;url=${goOn}">`}
<title>${title} · Rollcall</title>
<link rel="icon" href="${assets.url('icon.svg')}">
<link rel="stylesheet" href="${assets.url('console.css')}">
<script src="${assets.url('htmx.js')}" defer></script>
<script src="${assets.url('sse.js')}" defer></script>
<script src="${assets.url('console.js')}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/">Rollcall</a>
${visitor === undefined ? '' : navigation(visitor, path)}
${visitor === undefined ? '' : account(visitor, csrf)}
</header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${notice === undefined ? '' : html`<p class="notice ${notice.kind}" role="status">${notice.text}</p>`}
${content}
</main>
${live.length === 0 ? '' : liveParts(live, liveFrom)}
</body>
</html>
`;
  return whole.text;
}

const navigation = ({ role }: Visitor, path: string): Html =>
  html`<nav aria-label="Pages"><ul>${places
    .filter((place) => allows(role, place.role))
    .map(
      (place) =>
        html`<li><a href="${place.path}"${isHere(place, path) ? html` aria-current="page"` : ''}>${place.name}</a></li>`,
    )}</ul></nav>`;

const isHere = (place: Place, path: string): boolean =>
  place.path === '/' ? path === '/' : path === place.path || path.startsWith(`${place.path}/`);

const account = ({ name, role }: Visitor, csrf: string): Html =>
  html`<form class="account" method="post" action="/sign-out">${hiddenToken(csrf)}<span>${name} <small>${role}</small></span><button type="submit">Sign out</button></form>`;

export const hiddenToken = (csrf: string): Html => html`<input type="hidden" name="_csrf" value="${csrf}">`;

/** Asks for the same page anew when something has changed, and swaps those parts. Without scripts, nothing happens. */
const liveParts = (ids: readonly string[], from: string): Html =>
  html`<div hx-ext="sse" sse-connect="${from}"><div id="live" hx-get="" hx-trigger="sse:changed" hx-select="#none" hx-select-oob="${ids.map((id) => `#${id}`).join(',')}" hx-swap="none"></div></div>
<p id="connection" role="status"></p>`;
