/** A plan that brings back whom a run has deactivated. */
import { type Html, html } from '../../../../html/html.ts';
import type { Run } from '../../../../store/runs/runs.ts';
import { allows, type Visitor } from '../../../access/roles.ts';
import { button, postForm } from '../../form.ts';
import { counted } from '../../paging.ts';

export function undoing(
  run: Run,
  undoable: number,
  { visitor, csrf }: { readonly visitor: Visitor; readonly csrf: string },
): Html {
  if (undoable === 0 || !allows(visitor.role, 'operator')) return html`<div id="undo"></div>`;
  return html`<section id="undo" class="card" aria-labelledby="undo-title"><h2 id="undo-title">Undo</h2>
<p>${counted(undoable, 'person is', 'people are')} inactive by this run, and by nothing since. A plan that brings ${undoable === 1 ? 'them' : 'all of them'} back as they were waits for approval like any other.</p>
${postForm(`/runs/${run.id}/undo`, csrf, button({ text: 'Plan the way back' }))}</section>`;
}
