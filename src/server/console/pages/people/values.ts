/** What rules saw and gave: as JSON, since a text and a list of one are two things to them. */
import { type Html, html } from '../../../../html/html.ts';
import type { AttributeValue } from '../../../../profile-api/index.ts';
import { shortened } from '../../values.ts';

export function shownValue(value: AttributeValue | readonly string[]): Html {
  const { begin, rest } = shortened(JSON.stringify(value) ?? 'nothing');
  return html`<code>${begin}</code>${rest}`;
}

/** Such as `mail "ann@example.org"`, one beside the other. */
export const sawValues = (saw: Readonly<Record<string, AttributeValue>>): Html => {
  const pairs = Object.entries(saw);
  return pairs.length === 0
    ? html``
    : html`<span class="saw">with ${pairs.map(([name, value]) => html`<span>${name} ${shownValue(value)}</span> `)}</span>`;
};
