/** Tables that can be scrolled sideways on a narrow screen, by keyboard too. */
import { type Html, html } from '../../html/html.ts';

/** @param name - of the table, for those who hear the page */
export const table = (name: string, head: readonly (Html | string)[], rows: readonly Html[]): Html =>
  html`<div class="scroll" tabindex="0" role="group" aria-label="${name}, table"><table>
${headAndBody(head, rows)}</table></div>`;

/** One whose rows become paragraphs on a narrow screen, where each cell says by itself what it is. */
export const stacked = (name: string, head: readonly (Html | string)[], rows: readonly Html[]): Html =>
  html`<table class="stacked" aria-label="${name}">
${headAndBody(head, rows)}</table>`;

const headAndBody = (head: readonly (Html | string)[], rows: readonly Html[]): Html =>
  html`<thead><tr>${head.map((cell) => (typeof cell === 'string' ? html`<th scope="col">${cell}</th>` : cell))}</tr></thead>
<tbody>${rows}</tbody>`;

export const numberHead = (text: string): Html => html`<th scope="col" class="number">${text}</th>`;
