/** The org as its administrators see it: users, invitations, and what happened last. */

import { type Html, html } from '../../html/html.ts';
import type { FaultState } from '../faults/fault-book.ts';
import type { Invitation } from '../org/invitations.ts';
import type { Effect } from '../org/journal.ts';
import type { SandboxUser } from '../org/user.ts';
import type { SandboxState } from '../state.ts';

export interface PageQuery {
  readonly search: string;
  readonly show: 'all' | 'active' | 'inactive';
  /** From 1. */
  readonly page: number;
}

const usersPerPage = 50;
const latestShown = 12;

export function adminPage(state: SandboxState, query: PageQuery): string {
  const { org, journal, requests } = state;
  const found = findUsers(state, query);
  const pending = state.invitations.list().filter((it) => it.state === 'pending');
  const requestCount = Object.values(requests.counts()).reduce((sum, count) => sum + count, 0);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox org</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page/style.css">
<script src="/page/script.js" defer></script>
</head>
<body>
<header>
<div><h1>Sandbox org</h1><p>An org to try things on. Nothing here is real.</p>
<p id="connection" role="status"></p></div>
<dl class="counts" id="counts" data-live>
${count('Active', org.activeCount)}
${count('Inactive', org.size - org.activeCount)}
${count('Invited', pending.length)}
${count('Effects', journal.effects.length)}
${count('Requests', requestCount)}
</dl>
</header>
<main>
<section class="card" aria-labelledby="users-title">
<h2 id="users-title">Users</h2>
<form method="get" action="/" role="search">
<div><label for="search">Name, e-mail, login or id</label>
<input type="search" id="search" name="search" value="${query.search}" autocomplete="off"></div>
<div><label for="show">Show</label>
<select id="show" name="show">${showOptions(query.show)}</select></div>
<button type="submit">Search</button>
</form>
<div id="users" data-live>${userTable(found, query)}</div>
</section>
<aside>
<section class="card" aria-labelledby="effects-title"><h2 id="effects-title">Latest effects</h2>
<div id="effects" data-live>${effectList(journal.effects)}</div></section>
<section class="card" aria-labelledby="invitations-title"><h2 id="invitations-title">Pending invitations</h2>
<div id="invitations" data-live>${invitationList(pending)}</div></section>
<section class="card" aria-labelledby="faults-title"><h2 id="faults-title">Faults set</h2>
<div id="faults" data-live>${faultList(state.faults.list())}</div></section>
</aside>
</main>
</body>
</html>`;
  return page.text;
}

function findUsers(state: SandboxState, query: PageQuery): readonly SandboxUser[] {
  const wanted = query.search.trim().toLowerCase();
  const found: SandboxUser[] = [];
  for (const { current } of state.org.users()) {
    const { profile } = current;
    if (query.show !== 'all' && profile.is_active !== (query.show === 'active')) continue;
    const texts = [profile.name, profile.email ?? '', profile.actual_username, profile.profile_id];
    if (wanted === '' || texts.some((text) => text.toLowerCase().includes(wanted))) found.push(current);
  }
  return found.reverse();
}

function userTable(found: readonly SandboxUser[], query: PageQuery): Html {
  if (found.length === 0) return html`<p class="none">No user matches.</p>`;
  const page = Math.min(query.page, Math.ceil(found.length / usersPerPage));
  const first = (page - 1) * usersPerPage;
  const shown = found.slice(first, first + usersPerPage);
  return html`<div class="scroll"><table>
<caption>${first + 1} to ${first + shown.length} of ${found.length}, newest first</caption>
<thead><tr><th scope="col">Name, e-mail</th><th scope="col">State</th><th scope="col">Role</th>
<th scope="col" class="wide">Created (UTC)</th><th scope="col" class="wide">User</th><th scope="col" class="wide">Profile id</th></tr></thead>
<tbody>${shown.map(userRow)}</tbody></table></div>
${pageLinks({ ...query, page }, first + usersPerPage < found.length)}`;
}

function userRow({ profile, extras, removedFromAssets }: SandboxUser): Html {
  const state = profile.is_active
    ? html`<span class="state on">Active</span>`
    : html`<span class="state off">Inactive</span>`;
  const lost =
    removedFromAssets > 0 ? html` <span class="when">off assets, ${removedFromAssets}×</span>` : '';
  return html`<tr><th scope="row">${profile.name} <span class="mail">${profile.email ?? 'no e-mail'}</span></th><td>${state}${lost}</td>
<td>${typeof extras.role === 'string' ? extras.role : ''}</td><td class="wide tight">${readableTime(profile.creation_time).slice(0, 16)}</td>
<td class="wide tight">${profile.user}</td><td class="wide tight id">${profile.profile_id}</td></tr>`;
}

function pageLinks(query: PageQuery, hasMore: boolean): Html {
  if (query.page === 1 && !hasMore) return html``;
  const link = (page: number, text: string) =>
    html`<a href="?${new URLSearchParams({ search: query.search, show: query.show, page: String(page) }).toString()}">${text}</a>`;
  return html`<nav class="pages" aria-label="Pages of users">${query.page > 1 ? link(query.page - 1, 'Newer') : ''}
${hasMore ? link(query.page + 1, 'Older') : ''}</nav>`;
}

function effectList(effects: readonly Effect[]): Html {
  if (effects.length === 0) return html`<p class="none">Nothing has happened yet.</p>`;
  const latest = effects.slice(-latestShown).reverse();
  return html`<ol>${latest.map(
    (effect) => html`<li><b>${effect.kind.replaceAll('-', ' ')}</b> ${effect.email ?? effect.profileId ?? ''}
<span class="when">no. ${effect.sequence}, ${readableTime(effect.time)}, by ${effect.by === 'api' ? 'API' : 'hand'}</span></li>`,
  )}</ol>`;
}

function invitationList(pending: readonly Invitation[]): Html {
  if (pending.length === 0) return html`<p class="none">Nobody is invited.</p>`;
  const latest = pending.slice(-latestShown).reverse();
  return html`<ul>${latest.map(
    (it) => html`<li>${it.email}
<span class="when">as ${it.role}, ${it.mails.length} ${it.mails.length === 1 ? 'mail' : 'mails'}, until ${readableTime(it.expiresAt)}</span></li>`,
  )}</ul>`;
}

function faultList(faults: readonly FaultState[]): Html {
  if (faults.length === 0) return html`<p class="none">Everything works.</p>`;
  return html`<ul>${faults.map(
    ({
      effect,
      operation,
      match,
      fired,
      times,
    }) => html`<li>${effect.kind}${effect.kind === 'status' ? ` ${effect.status}` : ''}
on ${operation === '*' ? 'every endpoint' : operation}${match === undefined ? '' : ` for ${match}`}
<span class="when">struck ${fired} times${times === undefined ? '' : ` of ${times}`}</span></li>`,
  )}</ul>`;
}

function count(name: string, value: number): Html {
  return html`<div><dt>${name}</dt><dd>${value.toLocaleString('en')}</dd></div>`;
}

function showOptions(selected: PageQuery['show']): readonly Html[] {
  const names = { all: 'Everybody', active: 'Active', inactive: 'Inactive' };
  return Object.entries(names).map(([value, name]) =>
    value === selected
      ? html`<option value="${value}" selected>${name}</option>`
      : html`<option value="${value}">${name}</option>`,
  );
}

/** `2026-03-01T08:15:30.123Z` as `2026-03-01 08:15:30`. */
function readableTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
