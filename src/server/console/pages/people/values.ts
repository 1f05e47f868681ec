/** Values of attributes as a page shows them: as JSON, and not too long. */
import { type Html, html } from '../../../../html/html.ts';
import type { AttributeValue } from '../../../../profile-api/index.ts';

const shownOfValue = 200;

export function shownValue(value: AttributeValue | readonly string[]): Html {
  const text = JSON.stringify(value) ?? 'nothing';
  if (text.length <= shownOfValue) return html`<code>${text}</code>`;
  // Half of a character that takes two code units would be none.
  const begin = text.slice(0, shownOfValue).replace(/\p{Cs}$/u, '');
  return html`<code>${begin}…</code> <small>${text.length} characters</small>`;
}

/** Such as `mail "ann@example.org"`, one beside the other. */
export const sawValues = (saw: Readonly<Record<string, AttributeValue>>): Html => {
  const pairs = Object.entries(saw);
  return pairs.length === 0
    ? html``
    : html`<span class="saw">with ${pairs.map(([name, value]) => html`<span>${name} ${shownValue(value)}</span> `)}</span>`;
};
