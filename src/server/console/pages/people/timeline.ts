/** What waits, and what has happened: the latest first. */
import type { History, OpenOperation } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import { pastEvents } from '../../../../words/past.ts';
import { openInWords } from '../../../../words/person.ts';
import { when } from '../../time.ts';
import { changes } from '../../values.ts';

export function openOperations(open: readonly OpenOperation[]): Html {
  if (open.length === 0) return html``;
  return html`<section class="card" aria-labelledby="open-title"><h2 id="open-title">What waits or is under way</h2>
<ul class="plain">${open.map((one) => {
    const { operation, guard } = one;
    const { run_id, reason, message } = operation;
    return html`<li><p><strong>${openInWords({ ...one.operation, run: one.operation.run_id, expiresAt: one.expiresAt })}</strong></p><p>${reason}</p>
${guard === undefined ? '' : html`<p>${guard}</p>`}${message === null ? '' : html`<p>${message}</p>`}
<p><a class="button" href="/runs/${run_id}">Look at the plan</a></p></li>`;
  })}</ul></section>`;
}

export function timeline(history: History, now: Date): Html {
  const events = pastEvents(history);
  return html`<section id="history" class="card" aria-labelledby="history-title"><h2 id="history-title">What has happened, the latest first</h2>
${
  events.length === 0
    ? html`<p>The audit log has nothing about them.</p>`
    : html`<ol class="timeline">${events.map((event, index) => {
        const run = history.entries[index]?.run_id ?? undefined;
        return html`<li class="${event.isDone ? 'good' : 'plain'}"><p>${when(event.at, now)} · <strong>${event.what}</strong> ${event.onWhoseWord}${run === undefined ? '' : html` · <a href="/runs/${run}">look at the run</a>`}</p>
${event.reason === undefined ? '' : html`<p>${event.reason}</p>`}${event.message === undefined ? '' : html`<p>${event.message}</p>`}${changes(event)}</li>`;
      })}</ol>`
}</section>`;
}
