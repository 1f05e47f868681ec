/** What a person must decide, with the forms that settle it, and what was decided. */
import { type Html, html } from '../../../../html/html.ts';
import type { Ruling } from '../../../../store/people/ruling.ts';
import type { NumberedPage } from '../../../../store/runs/plan-pages.ts';
import type { Run, RunFinding } from '../../../../store/runs/runs.ts';
import { conflictTitles, profileToAdopt, type Remedy, remediesFor } from '../../../../words/conflicts.ts';
import { plural } from '../../../../words/words.ts';
import { allows, type Visitor } from '../../../access/roles.ts';
import { button, postForm, reasonField } from '../../form.ts';
import { number, pager, withQuery } from '../../paging.ts';
import { outside, person } from '../../person.ts';
import { when } from '../../time.ts';

export interface SourceConflicts {
  readonly source: string;
  /** The latest run that saw everybody; undefined where there has been none. */
  readonly run: Run | undefined;
  readonly found: NumberedPage<RunFinding>;
  readonly rulings: readonly Ruling[];
}

interface Circumstances {
  readonly visitor: Visitor;
  readonly csrf: string;
  readonly now: Date;
}

/** @param page - which page of them it is; the first few without */
export function conflictsOf(
  { source, run, found, rulings }: SourceConflicts,
  circumstances: Circumstances,
  page?: { readonly page: number; readonly size: number },
): Html {
  if (run === undefined)
    return html`<section class="card" aria-label="Conflicts of ${source}"><h3>${source}</h3>
<p class="soft">No run has seen everybody yet. <a href="/sources/${source}">Start one</a></p></section>`;
  const { items, total } = found;
  const words = `${source}: ${total === 0 ? 'nobody is in conflict' : `${number(total)} in conflict`}`;
  const title =
    page === undefined
      ? html`<h3 id="conflicts-${source}">${words}</h3>`
      : html`<h2 id="conflicts-${source}">${words}</h2>`;
  const ruled = new Map(rulings.map((ruling) => [ruling.anchor, ruling]));
  const path = (to?: number): string => withQuery(`/failures/conflicts/${source}`, { page: to });
  return html`<section class="card" aria-labelledby="conflicts-${source}">${title}
<p class="soft">As run <a href="/runs/${run.id}">${run.id}</a> found ${when(run.planned_at ?? run.requested_at, circumstances.now)}.</p>
${[...Map.groupBy(items, ({ conflict }) => conflict)].map(
  ([kind, some]) => html`${kind === null ? '' : html`<p class="kind-title">${conflictTitles[kind]}</p>`}
<ul class="people">${some.map((finding) => conflict(source, finding, finding.anchor === null ? undefined : ruled.get(finding.anchor), circumstances))}</ul>`,
)}
${
  page !== undefined
    ? pager('conflicts', { ...page, total }, path)
    : items.length < total
      ? html`<p><a href="${path()}">All ${number(total)}</a></p>`
      : ''
}
${decided(rulings, circumstances)}</section>`;
}

function conflict(
  source: string,
  finding: RunFinding,
  ruling: Ruling | undefined,
  { visitor, csrf, now }: Circumstances,
): Html {
  const { anchor, conflict: kind } = finding;
  const isOpen = kind !== null && (ruling === undefined || kind === 'ruling-not-possible');
  const said =
    isOpen || ruling === undefined
      ? ''
      : html`<p>${ruling.actor} has decided ${when(ruling.at, now)}; the next run follows it.</p>`;
  const forms =
    isOpen && anchor !== null && allows(visitor.role, 'operator')
      ? html`<details class="act"><summary>Decide</summary><div class="stack">${remediesFor[kind].map((remedy) => theForm(remedy, { source, anchor, finding, csrf }))}</div></details>`
      : '';
  return html`<li><p>${person({ ...finding, source })}</p><p class="soft">${outside(finding.reason)}</p>${said}${forms}</li>`;
}

interface Asked {
  readonly source: string;
  readonly anchor: string;
  readonly finding: RunFinding;
  readonly csrf: string;
}

function theForm(remedy: Remedy, { source, anchor, finding, csrf }: Asked): Html {
  const id = `${remedy.kind}-${source}-${finding.seq}`;
  const whom = html`<input type="hidden" name="source" value="${source}"><input type="hidden" name="anchor" value="${anchor}">`;
  switch (remedy.kind) {
    case 'adopt': {
      return postForm(
        '/failures/adopt',
        csrf,
        html`${whom}<div class="field"><label for="${id}-profile">Their profile${remedy.once === undefined ? '' : `, ${remedy.once}`}</label>
<input id="${id}-profile" name="profile" value="${profileToAdopt(finding) ?? ''}" required maxlength="200"></div>
${reasonField(id)}${button({ text: 'Give it to them', kind: 'main' })}`,
      );
    }
    case 'ignore':
      return postForm(
        '/failures/ignore',
        csrf,
        html`${whom}${reasonField(id)}${button({ text: 'Leave them alone' })}`,
      );
    case 'unadopt':
      return takeBack('adopt', { source, anchor, id, csrf });
    default:
      return remedy satisfies never;
  }
}

const takeBack = (
  kind: Ruling['kind'],
  {
    source,
    anchor,
    id,
    csrf,
  }: { readonly source: string; readonly anchor: string; readonly id: string; readonly csrf: string },
): Html =>
  postForm(
    '/failures/take-back',
    csrf,
    html`<input type="hidden" name="source" value="${source}"><input type="hidden" name="anchor" value="${anchor}"><input type="hidden" name="kind" value="${kind}">
${reasonField(id)}${button({ text: 'Take it back' })}`,
  );

function decided(rulings: readonly Ruling[], { visitor, csrf, now }: Circumstances): Html {
  if (rulings.length === 0) return html``;
  return html`<details><summary>${plural(rulings.length, 'word')} of operators in force</summary>
<ul class="people">${rulings.map((ruling, index) => {
    const { source, anchor, kind, label, actor, reason, at } = ruling;
    const what = kind === 'ignore' ? 'is left alone' : html`is to have profile ${outside(ruling.profileId)}`;
    return html`<li><p>${person({ source, anchor, label, email: ruling.email ?? null })} ${what}</p>
<p class="soft">${outside(actor)}, ${when(at, now)}: ${outside(reason)}</p>
${allows(visitor.role, 'operator') ? takeBack(kind, { source, anchor, id: `back-${source}-${index}`, csrf }) : ''}</li>`;
  })}</ul></details>`;
}
