/** A plan by person: what is done to whom, why, and from what to what. */
import { type Html, html } from '../../../../html/html.ts';
import type { OperationKind, OperationState } from '../../../../store/operations/operation.ts';
import type { Operation } from '../../../../store/operations/operations.ts';
import type { NumberedPage, PlanCount, PlanFilter } from '../../../../store/runs/plan-pages.ts';
import type { Run } from '../../../../store/runs/runs.ts';
import { isHeld, operationKinds, operationStates } from '../../../../words/words.ts';
import { select } from '../../form.ts';
import { number, pager, withQuery } from '../../paging.ts';
import { outside, person } from '../../person.ts';
import { reasonAndChanges } from '../../values.ts';

interface ShownPlan extends PlanFilter, NumberedPage<Operation> {
  readonly page: number;
  readonly size: number;
}

export function plan(run: Run, counts: readonly PlanCount[], shown: ShownPlan): Html {
  if (counts.length === 0) return html`<div id="plan"></div>`;
  const { kind, state, text, page, size, total, items } = shown;
  const path = (query: Readonly<Record<string, string | number | undefined>>): string =>
    withQuery(`/runs/${run.id}`, query);
  return html`<section id="plan" class="card" aria-labelledby="plan-title"><h2 id="plan-title">The plan, person by person</h2>
<ul class="chips">${operationKinds.flatMap((one) => chip(one, counts, kind, path))}</ul>
${filters(run, counts, shown)}
${
  items.length === 0
    ? html`<p class="soft">${total === 0 ? 'Nobody is like that.' : 'Nobody is on this page.'} <a href="${path({})}">Show everybody</a></p>`
    : html`<ul class="people">${items.map(operation)}</ul>`
}
${pager('the plan', { page, size, total }, (to) => path({ kind, state, text, page: to }))}</section>`;
}

const sumOf = (counts: readonly PlanCount[], is: (count: PlanCount) => boolean): number =>
  counts.reduce((sum, one) => sum + (is(one) ? one.count : 0), 0);

function chip(
  kind: OperationKind,
  counts: readonly PlanCount[],
  chosen: OperationKind | undefined,
  path: (query: Readonly<Record<string, string | undefined>>) => string,
): readonly Html[] {
  const count = sumOf(counts, (one) => one.kind === kind);
  if (count === 0) return [];
  const held = counts.reduce(
    (sum, one) =>
      sum + (one.kind === kind && (one.state === 'held' || one.state === 'planned') ? one.held : 0),
    0,
  );
  const isChosen = kind === chosen;
  return [
    html`<li><a class="chip ${kind}" href="${path({ kind: isChosen ? undefined : kind })}"${isChosen ? html` aria-current="true"` : ''}><strong>${number(count)}</strong> to ${kind}${held === 0 ? '' : held === count ? ', held' : `, ${number(held)} held`}</a></li>`,
  ];
}

function filters(run: Run, counts: readonly PlanCount[], { kind, state, text }: PlanFilter): Html {
  const states = operationStates.filter((one) => counts.some((count) => count.state === one));
  const kinds = operationKinds.filter((one) => counts.some((count) => count.kind === one));
  const ofState = (one: OperationState): string =>
    `${one} (${number(sumOf(counts, (count) => count.state === one))})`;
  return html`<form class="filter" method="get" action="/runs/${run.id}">
${select(
  { id: 'plan-kind', name: 'kind', label: 'What' },
  [{ value: '', text: 'Everything' }, ...kinds.map((one) => ({ value: one, text: one }))],
  kind,
)}
${select(
  { id: 'plan-state', name: 'state', label: 'State' },
  [{ value: '', text: 'Any state' }, ...states.map((one) => ({ value: one, text: ofState(one) }))],
  state,
)}
<div class="field wide"><label for="plan-text">Whom, or why</label>
<input type="search" id="plan-text" name="text" value="${text ?? ''}" maxlength="200"></div>
<button type="submit">Show</button></form>`;
}

function operation(one: Operation): Html {
  const { kind, state, message, invite_seq } = one;
  const isTold = state !== 'planned' && state !== 'held';
  const tags = [
    ...(invite_seq === null ? [] : [html`<span class="tag">then invited</span>`]),
    ...(isHeld(one) ? [html`<span class="tag held">held</span>`] : []),
    ...(isTold ? [html`<span class="tag ${state}">${state}</span>`] : []),
  ];
  return html`<li><div class="who"><p><span class="kind ${kind}">${kind}</span> ${person({ ...one, source: one.source_id })}</p>${tags}</div>
${reasonAndChanges(one)}
${message === null || message === '' ? '' : html`<p class="${state === 'failed' ? 'bad-text' : 'soft'}">${outside(message)}</p>`}</li>`;
}
