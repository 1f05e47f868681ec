/** `/runs`: what happened, newest first. */
import { z } from 'zod';
import type { ConfiguredSource } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import type { OperationState, RunId } from '../../../../store/operations/operation.ts';
import { pageOfRuns, placeAfterRun } from '../../../../store/pages.ts';
import { countsOfRuns } from '../../../../store/runs/run-counts.ts';
import type { Run } from '../../../../store/runs/runs.ts';
import { runStates } from '../../../../words/words.ts';
import { select } from '../../form.ts';
import { withQuery } from '../../paging.ts';
import { outside } from '../../person.ts';
import type { Console } from '../../routes.ts';
import { stacked } from '../../table.ts';
import { when } from '../../time.ts';
import { written } from '../../written.ts';
import { startRun } from './start.ts';
import { askedBy, kindOfRun, resultOf, stateTag, stateWords } from './words.ts';

const shownAtOnce = 25;

const asked = z.object({
  source: z.string().optional().catch(undefined),
  state: z.enum(runStates).optional().catch(undefined),
  after: written(200).optional().catch(undefined),
});

export function mountRunList({ show, engine }: Console): void {
  const { db } = engine.store;
  show('/runs', 'viewer', async ({ request, visitor, csrf }) => {
    const { source, state, after } = asked.parse(request.query);
    const chosen = engine.sources.find(({ id }) => id === source)?.id;
    const filter = { source: chosen, states: state === undefined ? undefined : [state] };
    // A run that is gone leads to the newest ones.
    const place = after === undefined ? undefined : await placeAfterRun(db, after as RunId);
    const { rows: shown, next } = await pageOfRuns(db, filter, place, shownAtOnce);
    const counts = await countsOfRuns(
      db,
      shown.map(({ id }) => id),
    );
    const more = next?.id;
    const now = new Date();
    return {
      title: 'Plans and runs',
      live: ['runs'],
      content: html`${startRun(engine.sources, visitor, csrf)}
<section class="card" aria-label="Runs">
${filters(engine.sources, chosen, state)}
<div id="runs">${runsTable(shown, counts, now)}
${
  more === undefined && after === undefined
    ? ''
    : html`<nav class="pager" aria-label="Pages of runs">${after === undefined ? '' : html`<a class="button" href="${withQuery('/runs', { source: chosen, state })}">Newest</a>`}${more === undefined ? '' : html`<a class="button" href="${withQuery('/runs', { source: chosen, state, after: more })}" rel="next">Older</a>`}</nav>`
}</div></section>`,
    };
  });
}

const filters = (
  sources: readonly ConfiguredSource[],
  source: string | undefined,
  state: Run['state'] | undefined,
): Html => html`<form class="filter" method="get" action="/runs">
${select(
  { id: 'filter-source', name: 'source', label: 'Source' },
  [{ value: '', text: 'All sources' }, ...sources.map(({ id }) => ({ value: id, text: id }))],
  source,
)}
${select(
  { id: 'filter-state', name: 'state', label: 'State' },
  [{ value: '', text: 'All states' }, ...runStates.map((one) => ({ value: one, text: stateWords[one] }))],
  state,
)}
<button type="submit">Show</button></form>`;

export function runsTable(
  runs: readonly Run[],
  counts: ReadonlyMap<RunId, ReadonlyMap<OperationState, number>>,
  now: Date,
): Html {
  if (runs.length === 0) return html`<p class="soft">No run is like that.</p>`;
  return stacked(
    'Runs',
    ['Run', 'State', 'What came of it', 'Source', 'What for', 'Asked for'],
    runs.map(
      (run) => html`<tr><th scope="row"><a href="/runs/${run.id}">${run.id}</a></th>
<td>${stateTag(run.state)}</td>
<td class="text">${outside(resultOf(run, counts.get(run.id) ?? new Map()))}</td>
<td>${run.source_id}</td>
<td>${kindOfRun(run)}</td>
<td>${when(run.requested_at, now)}, <span class="soft">${askedBy(run)}</span></td></tr>`,
    ),
  );
}
