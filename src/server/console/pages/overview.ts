/** The first page: in ten seconds, whether all is well. */
import { type Status, statusOf } from '../../../engine/index.ts';
import { type Html, html } from '../../../html/html.ts';
import {
  type EffectsOfDay,
  effectsByDay,
  type LeaverLatency,
  leaverLatency,
} from '../../../store/operations/effects.ts';
import { durationInWords } from '../../../words/time.ts';
import { plural } from '../../../words/words.ts';
import { barChart } from '../bar-chart.ts';
import { problemsOf } from '../problems.ts';
import type { Console } from '../routes.ts';
import { table } from '../table.ts';
import { when } from '../time.ts';

const weeksShown = 4;
const dayMs = 24 * 3_600_000;

export function mountOverview({ show, engine }: Console): void {
  const { db } = engine.store;
  show('/', 'viewer', async () => {
    const now = new Date();
    const since = new Date(now.getTime() - weeksShown * 7 * dayMs);
    const [status, effects, latency] = await Promise.all([
      statusOf(engine),
      effectsByDay(db, since),
      leaverLatency(db, since),
    ]);
    return {
      title: 'Overview',
      live: ['state', 'sources', 'numbers'],
      content: html`${state(status, now)}
${numbers(status, latency)}
${sources(status, now)}
<section class="card" aria-labelledby="weeks-title"><h2 id="weeks-title">What was done in the last ${weeksShown} weeks</h2>
${chart(effects, now)}</section>
${services(status, now)}`,
    };
  });
}

/** All is well, or what is not, the worst first. */
function state(status: Status, now: Date): Html {
  const problems = problemsOf(status, now);
  const head =
    problems.length === 0
      ? html`<p class="verdict good"><strong>All is well.</strong> Nothing waits for you.</p>`
      : html`<p class="verdict ${problems.some(({ isBad }) => isBad) ? 'bad' : 'wait'}"><strong>${plural(problems.length, 'thing needs', 'things need')} you.</strong></p>`;
  return html`<section id="state" aria-label="State">${head}
${problems.length === 0 ? '' : html`<ul class="problems">${problems.map(({ isBad, text, mend }) => html`<li class="${isBad ? 'bad' : 'wait'}"><p>${text}</p><a href="${mend.href}">${mend.text}</a></li>`)}</ul>`}</section>`;
}

function numbers(
  { queue, heldPlans, failed, sources: all }: Status,
  latency: LeaverLatency | undefined,
): Html {
  const waiting = heldPlans.reduce((sum, plan) => sum + plan.waiting, 0);
  const quarantined = all.filter(({ quarantine }) => quarantine !== undefined).length;
  return html`<dl id="numbers" class="numbers">
${number('Queued', queue.queued)}${number('Running', queue.running)}${number('Held', waiting)}${number('Failed', failed)}${number('In quarantine', quarantined)}
${number('Leavers, median', latency === undefined ? 'none' : seconds(latency.medianMs))}${number('Leavers, slowest', latency === undefined ? 'none' : seconds(latency.slowestMs))}
</dl>`;
}

const number = (name: string, value: number | string): Html =>
  html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

const seconds = (ms: number): string => (ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : durationInWords(ms));

function sources({ sources: all }: Status, now: Date): Html {
  return html`<section id="sources" class="card" aria-labelledby="sources-title"><h2 id="sources-title">Sources</h2>
${table(
  'Sources',
  ['Source', 'State', 'Last run', 'Next run', 'Last good reading'],
  all.map(
    (source) => html`<tr><th scope="row"><a href="/sources/${source.id}">${source.id}</a></th>
<td>${sourceState(source)}</td>
<td>${source.lastRun === undefined ? 'none yet' : html`<a href="/runs/${source.lastRun.id}">${when(source.lastRun.requested_at, now)}</a> <span class="tag ${source.lastRun.state}">${source.lastRun.state}</span>`}</td>
<td>${source.nextRun === undefined ? 'not scheduled' : when(source.nextRun.at, now)}</td>
<td>${source.lastGoodReadingAt === undefined ? 'never' : when(source.lastGoodReadingAt, now)}</td></tr>`,
  ),
)}</section>`;
}

function sourceState({ pause, quarantine, lastRun }: Status['sources'][number]): Html {
  if (pause !== undefined) return html`<span class="tag wait">paused</span>`;
  if (quarantine !== undefined) return html`<span class="tag bad">in quarantine</span>`;
  if (lastRun?.state === 'failed') return html`<span class="tag bad">last run failed</span>`;
  return lastRun === undefined
    ? html`<span class="tag">not read yet</span>`
    : html`<span class="tag good">well</span>`;
}

function chart(effects: readonly EffectsOfDay[], now: Date): Html {
  const days = Array.from({ length: weeksShown * 7 }, (_, index) =>
    new Date(now.getTime() - (weeksShown * 7 - 1 - index) * dayMs).toISOString().slice(0, 10),
  );
  return barChart(
    days,
    [
      { name: 'Joined', kinds: ['create', 'invite', 'adopt'] },
      { name: 'Changed', kinds: ['edit', 'reactivate'] },
      { name: 'Left', kinds: ['deactivate', 'purge'] },
    ].map(({ name, kinds }) => ({
      name,
      values: days.map((day) =>
        effects
          .filter((effect) => effect.day === day && kinds.includes(effect.kind))
          .reduce((sum, { count }) => sum + count, 0),
      ),
    })),
  );
}

const services = ({ services: living }: Status, now: Date): Html =>
  html`<section class="card" aria-labelledby="services-title"><h2 id="services-title">Processes at work</h2>
${
  living.length === 0
    ? html`<p>No scheduler or worker is running: nothing happens by itself.</p>`
    : html`<ul class="plain">${living.map(
        ({ host, pid, roles, started_at }) =>
          html`<li>${host}, process ${pid}: ${roles.replaceAll(',', ', ')}, started ${when(started_at, now)}</li>`,
      )}</ul>`
}</section>`;
