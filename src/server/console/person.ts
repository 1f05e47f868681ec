/** People on a page: by e-mail where there is one, and by the name that the source gives. */
import { type Html, html } from '../../html/html.ts';
import { printable } from '../../words/printable.ts';
import { personPath } from './person-path.ts';

export interface Somebody {
  readonly source: string;
  /** Null where their record could not even be told apart. */
  readonly anchor: string | null;
  readonly email: string | null;
  readonly label: string;
}

/** Text from outside: whichever direction it is read in, what is around it stays as it is, and nothing in it is hidden. */
export const outside = (text: string): Html => html`<bdi>${printable(text)}</bdi>`;

export function person({ source, anchor, email, label }: Somebody): Html {
  const name = email === null || email === '' ? label : email;
  const link =
    anchor === null ? outside(name) : html`<a href="${personPath({ source, anchor })}">${outside(name)}</a>`;
  return label === name || label === '' ? link : html`${link} <span class="soft">${outside(label)}</span>`;
}
