/** `/sources`: how each directory is. */
import { type Status, statusOf } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import { outside } from '../../person.ts';
import type { Console } from '../../routes.ts';
import { stacked } from '../../table.ts';
import { when } from '../../time.ts';
import { stateTag } from '../runs/words.ts';
import { brake } from './brake.ts';
import { type SourceStatus, sourceVerdict } from './state.ts';

export function mountSourceList({ show, engine }: Console): void {
  show('/sources', 'viewer', async ({ visitor, csrf }) => {
    const status = await statusOf(engine);
    const now = new Date();
    return {
      title: 'Sources',
      live: ['sources'],
      content: html`${status.pause === undefined ? '' : brake(undefined, status.pause, { visitor, csrf, now })}
${sourcesTable(status, now)}
${status.pause === undefined ? brake(undefined, undefined, { visitor, csrf, now }) : ''}`,
    };
  });
}

const sourcesTable = ({ sources }: Status, now: Date): Html =>
  html`<section id="sources" class="card" aria-label="Sources">${stacked(
    'Sources',
    ['Source', 'How it is', 'Last run', 'Next run', 'Last good reading'],
    sources.map((source) => {
      const { tone, tag, text } = sourceVerdict(source, now);
      return html`<tr><th scope="row"><a href="/sources/${source.id}">${source.id}</a></th>
<td class="text"><span class="tag ${tone}">${tag}</span> ${tone === 'good' ? '' : outside(text)}</td>
<td>${lastRun(source, now)}</td>
<td>${source.nextRun === undefined ? 'not scheduled' : html`${when(source.nextRun.at, now)}${source.nextRun.reading === 'delta' ? ', changes' : ''}`}</td>
<td>${source.lastGoodReadingAt === undefined ? 'never' : when(source.lastGoodReadingAt, now)}</td></tr>`;
    }),
  )}</section>`;

export const lastRun = ({ lastRun: run }: Pick<SourceStatus, 'lastRun'>, now: Date): Html =>
  run === undefined
    ? html`none yet`
    : html`<a href="/runs/${run.id}">${when(run.requested_at, now)}</a> ${stateTag(run.state)}`;
