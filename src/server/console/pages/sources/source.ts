/** `/sources/ID`: one directory: how it is, what it last told, and what an operator can do. */
import { z } from 'zod';
import { configInWords } from '../../../../../config/index.ts';
import { type ConfiguredSource, checkSource, statusOf } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import { pageOfRuns } from '../../../../store/pages.ts';
import { type LinkSample, linkSamples } from '../../../../store/people/link-samples.ts';
import { countsOfRuns } from '../../../../store/runs/run-counts.ts';
import { allows, type Visitor } from '../../../access/roles.ts';
import { PageError } from '../../errors.ts';
import { button, postForm, reasonField } from '../../form.ts';
import { number, withQuery } from '../../paging.ts';
import { outside, person } from '../../person.ts';
import type { Console } from '../../routes.ts';
import { when } from '../../time.ts';
import { attributes } from '../../values.ts';
import { runsTable } from '../runs/list.ts';
import { startRun } from '../runs/start.ts';
import { brake } from './brake.ts';
import { lastRun } from './list.ts';
import { type SourceStatus, sourceVerdict } from './state.ts';

const runsShown = 10;
const samplesShown = 5;
const patienceMs = 60_000;

const inPath = z.object({ id: z.string() });

export function mountSource({ show, engine }: Console): void {
  const { db } = engine.store;

  /** @throws {PageError} where there is none */
  function sourceIn(params: unknown): ConfiguredSource {
    const { id } = inPath.parse(params);
    const source = engine.sources.find((one) => one.id === id);
    if (source !== undefined) return source;
    throw new PageError(404, 'No such source', `The configuration has no source ${id}.`);
  }

  show('/sources/:id', 'viewer', async ({ request, visitor, csrf }) => {
    const source = sourceIn(request.params);
    const [status, { rows: runs }, samples] = await Promise.all([
      statusOf(engine),
      pageOfRuns(db, { source: source.id }, undefined, runsShown),
      linkSamples(db, source.id, samplesShown),
    ]);
    const counts = await countsOfRuns(
      db,
      runs.map(({ id }) => id),
    );
    const now = new Date();
    const own = status.sources.find(({ id }) => id === source.id);
    const here = `/sources/${source.id}`;
    return {
      title: `Source ${source.id}`,
      live: ['state', 'runs'],
      content: html`${own === undefined ? '' : state(own, now)}
${own === undefined ? '' : quarantined(own, visitor, csrf)}
${own?.pause === undefined ? '' : brake(source.id, own.pause, { visitor, csrf, now })}
${startRun([source], visitor, csrf)}
<section id="runs" class="card" aria-labelledby="runs-title"><h2 id="runs-title">Last runs</h2>
${runsTable(runs, counts, now)}
<p><a href="${withQuery('/runs', { source: source.id })}">All runs of it</a></p></section>
${people(samples, here, visitor, now)}
${own === undefined || own.pause !== undefined ? '' : brake(source.id, undefined, { visitor, csrf, now })}
${inWords(engine.config, engine.sources.indexOf(source))}`,
    };
  });

  show('/sources/:id/now', 'operator', async ({ request }) => {
    const { id, config, rules } = sourceIn(request.params);
    const findings = await checkSource(config, rules, AbortSignal.timeout(patienceMs));
    return {
      title: `Source ${id}, read just now`,
      content: html`<p><a href="/sources/${id}">Back to the source</a></p>
<section class="card" aria-label="What was found"><ul class="people">${findings.map(
        ({ ok, text, mend }) =>
          html`<li><div class="who"><p>${outside(text)}</p><span class="tag ${ok ? 'good' : 'bad'}">${ok ? 'good' : 'not good'}</span></div>${mend === undefined ? '' : html`<p class="soft">${outside(mend)}</p>`}</li>`,
      )}</ul></section>`,
    };
  });
}

function state(source: SourceStatus, now: Date): Html {
  const { tone, tag, text } = sourceVerdict(source, now);
  const summary = source.lastRun?.summary ?? null;
  const { nextRun, lastGoodReadingAt } = source;
  return html`<section id="state" class="stack" aria-label="State"><p class="verdict ${tone}"><strong>${capital(tag)}.</strong> <span class="why">${outside(text)}</span></p>
<dl class="brief">
${fact('Last run', lastRun(source, now))}
${summary === null ? '' : fact('It saw', html`${number(summary.identities)} people, ${number(summary.inScope)} of them in scope`)}
${summary === null || summary.skipped === 0 ? '' : fact('Skipped', html`<a href="/runs/${source.lastRun?.id ?? ''}/findings?kind=skipped">${number(summary.skipped)}</a>`)}
${fact('Last good reading of everybody', lastGoodReadingAt === undefined ? html`never` : when(lastGoodReadingAt, now))}
${fact('Next run', nextRun === undefined ? html`not scheduled` : html`${when(nextRun.at, now)}, ${nextRun.reading === 'delta' ? 'what has changed' : 'everybody'}`)}
</dl></section>`;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const fact = (name: string, value: Html): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

function quarantined({ id, quarantine }: SourceStatus, visitor: Visitor, csrf: string): Html {
  if (quarantine === undefined || !allows(visitor.role, 'operator')) return html``;
  return html`<section class="card" aria-labelledby="quarantine-title"><h2 id="quarantine-title">Let it out of quarantine</h2>
<p>The first whole reading that can be trusted ends it by itself. Let it out by your word where you know that the source is as it should be: it is read by its schedule again, and the next run removes people.</p>
${postForm(`/sources/${id}/clear`, csrf, html`${reasonField('quarantine-reason')}${button({ text: 'Let it out', kind: 'danger' })}`)}</section>`;
}

function people(samples: readonly LinkSample[], here: string, visitor: Visitor, now: Date): Html {
  const list =
    samples.length === 0
      ? html`<p class="soft">Nobody of it is linked to a profile yet.</p>`
      : html`<ul class="people">${samples.map(
          (
            one,
          ) => html`<li><div class="who"><p>${person({ ...one, source: one.source_id })}</p>${away(one)}</div>
<p class="soft">Linked to ${one.profile_id === null ? 'no profile yet' : html`profile ${outside(one.profile_id)}`}; news of them ${when(one.updated_at, now)}</p>
${attributes(one.applied)}</li>`,
        )}</ul>`;
  const live = allows(visitor.role, 'operator')
    ? html`<p><a class="button" href="${here}/now">Read a few people now</a> <span class="soft">Asks the directory itself, and changes nothing.</span></p>`
    : '';
  return html`<section class="card" aria-labelledby="samples-title"><h2 id="samples-title">A few of its people, as they were last sent to the org</h2>
${list}${live}</section>`;
}

const away = ({ left_since, absent_since }: LinkSample): Html =>
  left_since !== null
    ? html`<span class="tag">has left</span>`
    : absent_since !== null
      ? html`<span class="tag">not seen any more</span>`
      : html``;

function inWords(config: Parameters<typeof configInWords>[0], index: number): Html {
  const chapter = configInWords(config)[index];
  if (chapter === undefined) return html``;
  return html`<section class="card" aria-labelledby="words-title"><h2 id="words-title">${chapter.title}</h2>
<ul class="people">${chapter.sentences.map(({ text, key }) => html`<li><p>${outside(text)}</p><p class="soft"><code>${key}</code></p></li>`)}</ul></section>`;
}
