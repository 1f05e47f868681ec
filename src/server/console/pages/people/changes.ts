/** From what to what, attribute by attribute. */
import { type Html, html } from '../../../../html/html.ts';
import type { ProfileAttributes } from '../../../../profile-api/index.ts';
import { shownValue } from './values.ts';

interface Changing {
  readonly kind?: string | undefined;
  readonly before: ProfileAttributes;
  readonly after: ProfileAttributes;
}

export function changes({ before, after, kind }: Changing): Html {
  const names = Object.keys(after).sort();
  if (names.length === 0) return html``;
  const isNew = kind === 'create' || kind === 'invite';
  const from = (name: string): Html => {
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    if (known === undefined && isNew) return html``;
    return html`<del>${known === undefined ? '(unknown)' : shownValue(known)}</del> → `;
  };
  return html`<ul class="changes">${names.map((name) => html`<li>${name}: ${from(name)}<ins>${shownValue(after[name] ?? null)}</ins></li>`)}</ul>`;
}
