/** People in a report: who, why, and attribute by attribute what is and what will be. All of it is text from outside. */
import { type Html, html } from '../../../html/html.ts';
import type { ToldFinding, ToldOperation } from '../../../json/index.ts';
import { printable, printableValue } from '../../../words/printable.ts';
import { isHeld } from '../../../words/words.ts';
import { personInWords } from '../words.ts';

const nothing = html``;

export const operationsList = (operations: readonly ToldOperation[]): Html =>
  html`<ol class="people">${operations.map(operationItem)}</ol>`;

export const findingsList = (findings: readonly ToldFinding[]): Html =>
  html`<ol class="people">${findings.map(findingItem)}</ol>`;

const findingItem = (finding: ToldFinding): Html =>
  html`<li><div>${who(finding)}</div><div><p class="why">${text(finding.reason)}</p></div></li>
`;

function operationItem(operation: ToldOperation): Html {
  const { reason, message } = operation;
  const why = html`<p class="why soft">${text(reason)}</p>`;
  const said = message === null || message === '' ? nothing : html`<p class="said">${text(message)}</p>`;
  const rows = changes(operation);
  const [below, beside] = rows.length === 0 ? [nothing, why] : [why, html`<dl>${rows}</dl>`];
  return html`<li>
<div>${who(operation)}${state(operation)}${below}${said}</div>
<div>${beside}</div>
</li>
`;
}

/** In its own direction, so that an Arabic name does not turn the sentence around it. */
const text = (outside: string): Html => html`<bdi>${printable(outside)}</bdi>`;

function who(person: { readonly email: string | null; readonly label: string }): Html {
  const { name, label } = personInWords(person);
  return html`<span class="who"><bdi>${name}</bdi></span> <span class="soft"><bdi>${label}</bdi></span> `;
}

function state(operation: ToldOperation): Html {
  const invited = operation.thenInvites ? html`<span class="state">then invited</span> ` : nothing;
  if (isHeld(operation)) return html`${invited}<span class="state held">held by a guard</span>`;
  if (operation.state === 'planned') return invited;
  return html`${invited}<span class="state ${operation.state}">${operation.state}</span>`;
}

function changes({ kind, before, after }: ToldOperation): readonly Html[] {
  const isNew = kind === 'create' || kind === 'invite';
  return Object.entries(after)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([attribute, wanted]) => {
      const known = Object.hasOwn(before, attribute) ? before[attribute] : undefined;
      const last = isNew ? nothing : html`<del>${value(known)}</del> <span aria-hidden="true">→</span> `;
      return html`<dt>${printable(attribute)}</dt><dd>${last}<ins>${value(wanted)}</ins></dd>`;
    });
}

/** Absent, null and empty are three things, and none of them is a text that says so. */
function value(one: unknown): Html {
  if (one === undefined) return html`<em>not known</em>`;
  if (one === null) return html`<em>none</em>`;
  if (one === '') return html`<em>empty</em>`;
  return text(typeof one === 'string' ? one : printableValue(one));
}
