/** One cause of failures: whom it struck, and what can be done about all of them or some. */
import { type Html, html } from '../../../../html/html.ts';
import type { FailureGroup } from '../../../../store/operations/failures.ts';
import type { Operation } from '../../../../store/operations/operations.ts';
import { allows, type Visitor } from '../../../access/roles.ts';
import { postForm, reasonField } from '../../form.ts';
import { counted, number, pager, withQuery } from '../../paging.ts';
import { outside, person } from '../../person.ts';
import { when } from '../../time.ts';

interface Circumstances {
  readonly visitor: Visitor;
  readonly csrf: string;
  readonly now: Date;
}

const untold = 'No reason was noted.';

/** @param shown - some of its operations; of a page of them where `page` is given */
export function failureCard(
  group: FailureGroup,
  shown: readonly Operation[],
  { visitor, csrf, now }: Circumstances,
  page?: { readonly page: number; readonly size: number },
): Html {
  const { key, cause, count, kinds, sources, lastAt } = group;
  const what = [...kinds].map(([kind, of]) => `${number(of)} ${kind}`).join(', ');
  const isOperator = allows(visitor.role, 'operator');
  const list = html`<ul class="people">${shown.map((one) => failed(one, isOperator, page !== undefined))}</ul>`;
  const href = (to?: number): string => withQuery('/failures', { cause: key, page: to });
  const more =
    page !== undefined
      ? pager('what failed', { ...page, total: count }, href)
      : shown.length < count
        ? html`<p><a href="${href()}">All ${number(count)}, and what was said of each</a></p>`
        : '';
  const title = html`id="title-${key}"`;
  const head = outside(cause || untold);
  return html`<section class="card failure" aria-labelledby="title-${key}">
${page === undefined ? html`<h3 ${title}>${head}</h3>` : html`<h2 ${title}>${head}</h2>`}
<p class="soft">${counted(count, 'operation')} of ${sources.join(', ')}: ${what}${lastAt === undefined ? '' : html`; the last one ${when(lastAt, now)}`}</p>
${isOperator ? postForm('/failures/retry', csrf, html`${actsOnAll(group)}<div class="all">${list}${more}</div>${count === 1 ? '' : actsOnTicked}`) : html`${list}${more}`}</section>`;
}

/** @param isTold - whether the sentence is shown that is of this person alone */
function failed(one: Operation, isOperator: boolean, isTold: boolean): Html {
  const { id, kind, message, run_id } = one;
  const box = isOperator
    ? html`<input type="checkbox" name="id" value="${id}" aria-label="${one.email ?? one.label}">`
    : '';
  return html`<li><div class="who">${box}<p><span class="kind ${kind}">${kind}</span> ${person({ ...one, source: one.source_id })} <a class="soft" href="/runs/${run_id}">run ${run_id}</a></p></div>
${isTold && message !== null ? html`<p class="soft">${outside(message)}</p>` : ''}</li>`;
}

function actsOnAll({ key, count }: FailureGroup): Html {
  const all = count === 1 ? '' : ` all ${number(count)}`;
  return html`<input type="hidden" name="cause" value="${key}">
${reasonField(`reason-${key}`, 'Your reason, kept in the audit log; to discard, it is needed')}
<button type="submit" name="which" value="all" class="main" formnovalidate>Retry${all}</button>
<button type="submit" name="which" value="all" class="danger" formaction="/failures/discard">Discard${all}</button>`;
}

const actsOnTicked = html`<button type="submit" name="which" value="ticked" formnovalidate>Retry those ticked</button>
<button type="submit" name="which" value="ticked" class="danger" formaction="/failures/discard">Discard those ticked</button>`;
