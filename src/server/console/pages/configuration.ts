/** `/configuration`: what is in force, in words and as it is written, without secrets. */
import { stringify } from 'yaml';
import { type Chapter, configInWords, redactConfig, warningsOf } from '../../../../config/index.ts';
import { type Html, html } from '../../../html/html.ts';
import { plural } from '../../../words/words.ts';
import type { Console } from '../routes.ts';

export function mountConfiguration({ show, engine: { config } }: Console): void {
  // It is read once, when Rollcall starts.
  const content = html`${warned(warningsOf(config))}${configInWords(config).map(chapter)}${written(redactConfig(config))}`;
  show('/configuration', 'viewer', async () => ({ title: 'Configuration', content }));
}

function warned(warnings: readonly string[]): Html {
  if (warnings.length === 0) return html``;
  return html`<section aria-label="Warnings"><p class="verdict wait"><strong>${plural(warnings.length, 'thing is', 'things are')} allowed, and still worth a word.</strong></p>
<ul class="problems">${warnings.map((text) => html`<li class="wait"><p>${text}</p></li>`)}</ul></section>`;
}

/** The key that decides it stands behind each sentence. */
const chapter = ({ title, sentences }: Chapter, index: number): Html =>
  html`<section class="card" aria-labelledby="chapter-${index}"><h2 id="chapter-${index}">${title}</h2>
<ul class="sentences">${sentences.map(({ text, key }) => html`<li>${text} <code class="soft">${key}</code></li>`)}</ul></section>`;

const written = (config: Readonly<Record<string, unknown>>): Html =>
  html`<section class="card" aria-labelledby="written-title"><h2 id="written-title">As it is in force</h2>
<p class="soft">With all that the file leaves out, and without secrets (<code>***</code>). Times are in milliseconds. A change of the file counts from the next start on; <code>rollcall plan --with FILE</code> tells before what it would do.</p>
${Object.entries(config).map(([section, value]) => html`<details><summary>${section}</summary><pre tabindex="0" role="group" aria-label="${section}">${stringify({ [section]: value }, { lineWidth: 0 })}</pre></details>`)}</section>`;
