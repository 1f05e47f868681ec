/** `/audit`: who changed what, when and why; to take along, and to be proved whole. */
import { type AuditBreak, auditActions, auditBreak, latestEntries } from '../../../../audit/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import { allows } from '../../../access/roles.ts';
import { hiddenToken } from '../../layout.ts';
import type { Console } from '../../routes.ts';
import { when } from '../../time.ts';
import { entryTable } from './entries.ts';
import { mountExport } from './export.ts';
import { mountVerify } from './verify.ts';
import { filterOf, queryOf, type Wish, wishOf } from './wish.ts';

const shownAtOnce = 50;

export function mountAudit(site: Console): void {
  const { show, engine } = site;
  const { db } = engine.store;
  show('/audit', 'viewer', async ({ request, visitor, csrf }) => {
    const now = new Date();
    const wish = wishOf(request.query);
    const { filter, doubts } = filterOf(wish);
    const [found, broken] = await Promise.all([latestEntries(db, filter, shownAtOnce + 1), auditBreak(db)]);
    const shown = found.slice(-shownAtOnce).toReversed();
    const last = found.length > shownAtOnce ? shown.at(-1) : undefined;
    return {
      title: 'Audit',
      content: html`${broken === undefined ? '' : brokenLog(broken, now)}
${search(wish)}
${doubts.map((doubt) => html`<p class="notice refused">${doubt}</p>`)}
<section class="card" aria-labelledby="entries-title"><h2 id="entries-title">Entries, the latest first</h2>
${entryTable(shown, engine, now)}
<p class="paging">${wish.before === '' ? '' : html`<a class="button" href="/audit${queryOf(wish, { before: '' })}">The latest</a>`}
${last === undefined ? '' : html`<a class="button" href="/audit${queryOf(wish, { before: last.seq })}">Older ones</a>`}</p></section>
${takeAlong(wish)}
${allows(visitor.role, 'operator') ? prove(csrf) : ''}`,
    };
  });
  mountExport(site);
  mountVerify(site);
}

const brokenLog = ({ at, sentence, since }: AuditBreak, now: Date): Html =>
  html`<p class="verdict bad"><strong>The log is broken at entry ${at}.</strong> ${sentence} Found ${when(since, now)}. Compare it with an export or a backup.</p>`;

function search({ who, run, action, since, until }: Wish): Html {
  const field = (name: string, label: string, value: string, help: string): Html =>
    html`<div><label for="${name}">${label}</label><input type="text" id="${name}" name="${name}" value="${value}" maxlength="320" placeholder="${help}" autocomplete="off"></div>`;
  return html`<form method="get" action="/audit" role="search" class="card filters">
${field('who', 'Person: e-mail, id of record or profile', who, '')}
${field('run', 'Run', run, '')}
<div><label for="action">Action</label><select id="action" name="action"><option value="">every one</option>${auditActions.toSorted().map((one) => html`<option${one === action ? html` selected` : ''}>${one}</option>`)}</select></div>
${field('since', 'From day (UTC)', since, '2026-03-01')}
${field('until', 'To day (UTC)', until, '2026-03-31')}
<button type="submit" class="main">Search</button></form>`;
}

const takeAlong = (wish: Wish): Html =>
  html`<section class="card" aria-labelledby="export-title"><h2 id="export-title">Take along</h2>
<p>All entries that the search above finds, in the order of the chain. They have personal data.</p>
<p class="paging"><a class="button" href="/audit/export${queryOf(wish, { before: '', format: 'csv' })}" download>CSV</a>
<a class="button" href="/audit/export${queryOf(wish, { before: '', format: 'jsonl' })}" download>JSON lines</a></p></section>`;

const prove = (csrf: string): Html =>
  html`<section class="card" aria-labelledby="verify-title"><h2 id="verify-title">Prove it whole</h2>
<p>Every entry is tied to the one before by its hash. An entry that was changed, removed or put in is found and named; with a head that was noted elsewhere, so is a log that was rewritten as a whole. A long log takes a while.</p>
<form method="post" action="/audit/verify">${hiddenToken(csrf)}
<div><label for="head">Head, noted elsewhere (may be left empty)</label><input type="text" id="head" name="head" maxlength="64" autocomplete="off"></div>
<button type="submit">Verify</button></form></section>`;
