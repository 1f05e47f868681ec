/** For whom a run does nothing, and why. */
import { type Html, html } from '../../../../html/html.ts';
import type { NumberedPage } from '../../../../store/runs/plan-pages.ts';
import type { Run, RunFinding } from '../../../../store/runs/runs.ts';
import type { FindingKind } from '../../../../store/schema.ts';
import { findingTitles } from '../../../../words/words.ts';
import { number, pager, withQuery } from '../../paging.ts';
import { outside, person } from '../../person.ts';

/** The first of each kind. */
export function findingsInPart(
  run: Run,
  found: readonly (NumberedPage<RunFinding> & { readonly kind: FindingKind })[],
): Html {
  if (found.length === 0) return html`<div id="findings"></div>`;
  return html`<section id="findings" class="card" aria-labelledby="findings-title"><h2 id="findings-title">For whom nothing is done</h2>
${found.map(
  ({ kind, items, total }) => html`<h3>${findingTitles[kind]}: ${number(total)}</h3>
${list(run, items)}
${items.length === total ? '' : html`<p><a href="${pathOf(run, kind)}">All ${number(total)}</a></p>`}`,
)}</section>`;
}

export function findingsInWhole(
  run: Run,
  kind: FindingKind,
  { items, total, page, size }: NumberedPage<RunFinding> & { readonly page: number; readonly size: number },
): Html {
  return html`<p><a href="/runs/${run.id}">Back to the run</a></p>
<section class="card" aria-labelledby="findings-title"><h2 id="findings-title">${findingTitles[kind]}: ${number(total)}</h2>
${list(run, items)}
${pager('findings', { page, size, total }, (to) => pathOf(run, kind, to))}</section>`;
}

const pathOf = (run: Run, kind: FindingKind, page?: number): string =>
  withQuery(`/runs/${run.id}/findings`, { kind, page });

const list = ({ source_id: source }: Run, items: readonly RunFinding[]): Html =>
  html`<ul class="people">${items.map(
    (finding) => html`<li><p>${person({ ...finding, source })}</p>
<p class="soft">${outside(finding.reason)}</p></li>`,
  )}</ul>`;
