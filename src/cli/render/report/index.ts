/** Plans as one HTML file to send to whoever decides. */

import { type Html, html } from '../../../html/html.ts';
import type { ToldPlan } from '../../../json/index.ts';
import type { OperationKind } from '../../../store/operations/operation.ts';
import type { FindingKind } from '../../../store/schema.ts';
import { printable } from '../../../words/printable.ts';
import { absoluteTime } from '../../../words/time.ts';
import { findingKinds, findingTitles, operationKinds, waitsForApproval } from '../../../words/words.ts';
import { givenInWords, overtakenInWords, rowsInWords, unkeptInWords } from '../plan-summary.ts';
import { warningsOf } from '../plan-warnings.ts';
import { page } from './page.ts';
import { findingsList, operationsList } from './people.ts';
import { findingMeanings, inWords, kindTitles } from './words.ts';

const nothing = html``;

/** Everybody is in it, however many they are. */
export function renderReport(views: readonly ToldPlan[], now: Date): string {
  const title = titleOf(views);
  const body = html`<header>
<h1>${title}</h1>
<p class="soft">Made by Rollcall at ${absoluteTime(now)}, as it was at that time.</p>
<p class="personal"><strong>This file holds personal data</strong> on purpose: names, addresses and what changes for each person. Give it to those who decide about it, and delete it afterwards.</p>
</header>
<main>
${views.map((view) => planSection(view, views.length > 1))}
</main>
`;
  return page(title, body);
}

function titleOf(views: readonly ToldPlan[]): string {
  const [first] = views;
  if (views.length === 1 && first !== undefined) return planTitle(first);
  return `Plans for ${views.map(({ run }) => printable(run.source)).join(', ')}`;
}

const planTitle = ({ run }: ToldPlan): string =>
  printable(`${run.mode === 'plan' ? 'Plan' : 'Run'} ${run.id} for ${run.source}`);

function planSection(view: ToldPlan, isOneOfSeveral: boolean): Html {
  const { run, operations, findings } = view;
  const level = isOneOfSeveral ? 'h3' : 'h2';
  const chapters = [
    ...findingKinds.map((kind): Chapter => {
      const people = findings.filter((finding) => finding.kind === kind);
      const means = findingMeanings[kind];
      return { kind, title: findingTitles[kind], means, count: people.length, list: findingsList(people) };
    }),
    ...operationKinds.map((kind): Chapter => {
      const people = operations.filter((one) => one.kind === kind);
      return { kind, ...kindTitles[kind], count: people.length, list: operationsList(people) };
    }),
  ].filter(({ count }) => count > 0);
  return html`<section aria-label="${planTitle(view)}">
${isOneOfSeveral ? html`<h2>${planTitle(view)}</h2>` : nothing}
<p class="soft">Asked for by ${printable(run.actor)} at ${absoluteTime(new Date(run.requestedAt))}.</p>
<div class="words">${paragraphs(inWords(view))}</div>
${warnings(view)}
${contents(run.id, chapters)}
${chapters.map((one) => chapter(run.id, level, one))}
${paragraphs([...unkeptInWords(view), ...rowsInWords(view)])}
${whatToDo(view)}
</section>
`;
}

interface Chapter {
  readonly kind: FindingKind | OperationKind;
  readonly title: string;
  readonly means: string;
  readonly count: number;
  readonly list: Html;
}

/** How many of each, with the way there. */
function contents(run: string, chapters: readonly Chapter[]): Html {
  if (chapters.length === 0) return nothing;
  const items = chapters.map(({ kind, title, count }) => {
    // The rest of `In conflict, a person must decide` stands over the chapter.
    const [short = title] = title.split(',', 1);
    return html`<li><a href="#${run}-${kind}"><strong>${count}</strong> ${short}</a></li>`;
  });
  return html`<nav aria-label="Contents of ${run}"><ul class="numbers">${items}</ul></nav>`;
}

function chapter(run: string, level: 'h2' | 'h3', { kind, title, means, count, list }: Chapter): Html {
  return html`<section>
<${level} id="${run}-${kind}">${title}: ${count}</${level}>
<p class="soft">${means}</p>
${list}
</section>
`;
}

function paragraphs(sentences: readonly string[]): Html {
  return html`${sentences.map((sentence) => html`<p><bdi>${printable(sentence)}</bdi></p>`)}`;
}

function warnings(view: ToldPlan): Html {
  const all = warningsOf(view);
  if (all.length === 0) return nothing;
  return html`<ul class="warnings">${all.map(({ text }) => html`<li><bdi>${printable(text)}</bdi></li>`)}</ul>`;
}

function whatToDo({ run, operations, overtaken = 0 }: ToldPlan): Html {
  const isOpen = run.state !== 'rejected' && run.state !== 'expired' && run.state !== 'failed';
  if (!isOpen || !operations.some(waitsForApproval)) return nothing;
  const id = printable(run.id);
  return html`<footer>
${paragraphs([...overtakenInWords(overtaken), ...givenInWords(run)])}
<p>To approve what waits, exactly as it stands here: <code>rollcall approve ${id} --reason "..."</code></p>
<p>To drop it: <code>rollcall reject ${id} --reason "..."</code></p>
</footer>`;
}
