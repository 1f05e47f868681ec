/** Asking for a run: of which source, how much of it is read, and whether anything is changed. */
import type { ConfiguredSource } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import { allows, type Visitor } from '../../../access/roles.ts';
import { postForm, select } from '../../form.ts';
import { raising } from './raise.ts';

/** Nothing for those who may not. */
export function startRun(
  sources: readonly Pick<ConfiguredSource, 'id'>[],
  visitor: Visitor,
  csrf: string,
): Html {
  if (!allows(visitor.role, 'operator')) return html``;
  return html`<details class="card act"><summary>Start a run</summary>
${postForm(
  '/runs',
  csrf,
  html`${whichSource(sources)}
${select(
  { id: 'start-reading', name: 'reading', label: 'What is read' },
  [
    { value: 'full', text: 'Everybody' },
    { value: 'delta', text: 'What has changed' },
  ],
  'full',
)}
${allows(visitor.role, 'approver') ? raising : ''}
<button type="submit" class="main" name="mode" value="plan">Dry run</button>
<button type="submit" name="mode" value="apply">Run, and apply</button>
<p class="soft wide">A dry run changes nothing: it shows what would be done, and waits for approval. A run applies at once what no guard holds.</p>`,
)}</details>`;
}

function whichSource(sources: readonly Pick<ConfiguredSource, 'id'>[]): Html {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0)
    return html`<input type="hidden" name="source" value="${only.id}">`;
  return select(
    { id: 'start-source', name: 'source', label: 'Source' },
    sources.map(({ id }) => ({ value: id, text: id })),
    undefined,
  );
}
