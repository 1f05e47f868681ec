/** What an operation changes, attribute by attribute. */
import { type Html, html } from '../../html/html.ts';
import { isSecretName } from '../../identity/index.ts';
import type { AttributeValue, ProfileAttributes } from '../../profile-api/profile.ts';
import type { Operation } from '../../store/operations.ts';
import { counted } from './paging.ts';
import { outside } from './person.ts';

/** All at once up to here; more are opened. */
const shownAtOnce = 4;

/** Why, and what; of a long list, the reason stands on what opens it. */
export function reasonAndChanges({
  kind,
  reason,
  before,
  after,
}: Pick<Operation, 'kind' | 'reason' | 'before' | 'after'>): Html {
  const isNew = kind === 'create' || kind === 'invite';
  const names = Object.keys(after).sort();
  const why = outside(reason);
  if (names.length === 0) return html`<p class="soft">${why}</p>`;
  const list = html`<dl class="diff">${names.map((name) => {
    const next = told(name, after[name]);
    const last = isNew
      ? html``
      : html`<del>${told(name, before[name])}</del> <span class="arrow" aria-hidden="true">→</span> `;
    return html`<div><dt>${outside(name)}</dt><dd>${last}<ins>${next}</ins></dd></div>`;
  })}</dl>`;
  return names.length <= shownAtOnce && !isNew
    ? html`<p class="soft">${why}</p>${list}`
    : html`<details class="why"><summary>${why} <small>${counted(names.length, 'attribute')}</small></summary>${list}</details>`;
}

/** What somebody has, to be opened. */
export function attributes(of: ProfileAttributes): Html {
  const names = Object.keys(of).sort();
  return html`<details><summary>${counted(names.length, 'attribute')}</summary><dl class="diff">${names.map(
    (name) => html`<div><dt>${outside(name)}</dt><dd>${told(name, of[name])}</dd></div>`,
  )}</dl></details>`;
}

/** An unknown, a null and an empty value are three things. */
function told(name: string, value: AttributeValue | undefined): Html {
  if (value === undefined) return html`<i>not known</i>`;
  if (value === null) return html`<i>none</i>`;
  if (value === '') return html`<i>empty</i>`;
  if (isSecretName(name)) return html`<i>not shown</i>`;
  return outside(typeof value === 'string' ? value : JSON.stringify(value));
}
