/** Values of attributes, and what an operation changes of them. */
import { type Html, html } from '../../html/html.ts';
import { isSecretName } from '../../identity/index.ts';
import type { AttributeValue, ProfileAttributes } from '../../profile-api/profile.ts';
import type { Operation } from '../../store/operations/operations.ts';
import { counted, number } from './paging.ts';
import { outside } from './person.ts';

/** All at once up to here; more are opened. */
const shownAtOnce = 4;

/** As much as is shown of a value: it may be a photograph. */
const shownOfValue = 200;

/** What may change: an operation, or what the audit log tells of one. */
interface Changing {
  readonly kind?: string | undefined;
  readonly before: ProfileAttributes;
  readonly after: ProfileAttributes;
}

const isNew = ({ kind }: Changing): boolean => kind === 'create' || kind === 'invite';

/** From what to what, attribute by attribute; nothing where nothing changes. */
export function changes(changing: Changing): Html {
  const { before, after } = changing;
  const names = Object.keys(after).sort();
  if (names.length === 0) return html``;
  const from = (name: string): Html =>
    isNew(changing)
      ? html``
      : html`<del>${told(name, own(before, name))}</del> <span class="arrow" aria-hidden="true">→</span> `;
  return html`<dl class="diff">${names.map(
    (name) =>
      html`<div><dt>${outside(name)}</dt><dd>${from(name)}<ins>${told(name, own(after, name))}</ins></dd></div>`,
  )}</dl>`;
}

/** What was written by others may be called `constructor`. */
const own = (values: ProfileAttributes, name: string): AttributeValue | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

/** Why, and what; of a long list, the reason stands on what opens it. */
export function reasonAndChanges(operation: Pick<Operation, 'kind' | 'reason' | 'before' | 'after'>): Html {
  const count = Object.keys(operation.after).length;
  const why = outside(operation.reason);
  const list = changes(operation);
  return count <= shownAtOnce && (count === 0 || !isNew(operation))
    ? html`<p class="soft">${why}</p>${list}`
    : html`<details class="why"><summary>${why} <small>${counted(count, 'attribute')}</small></summary>${list}</details>`;
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
  const { begin, rest } = shortened(typeof value === 'string' ? value : JSON.stringify(value));
  return html`${outside(begin)}${rest}`;
}

/** The beginning of a long text, and how long it is. */
export function shortened(text: string): { readonly begin: string; readonly rest: Html } {
  if (text.length <= shownOfValue) return { begin: text, rest: html`` };
  // Half of a character that takes two code units would be none.
  const begin = text.slice(0, shownOfValue).replace(/\p{Cs}$/u, '');
  return { begin: `${begin}…`, rest: html` <small>${number(text.length)} characters</small>` };
}
