/** `/people`: somebody by any of their names, among those whom Rollcall looks after or in the sources themselves. */
import { z } from 'zod';
import { departuresCalled } from '../../../../acts/index.ts';
import { peopleCalled } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import type { DepartureRecord } from '../../../../store/departures/departure.ts';
import { linksLike } from '../../../../store/people/find-links.ts';
import type { Link } from '../../../../store/people/link.ts';
import { plural } from '../../../../words/words.ts';
import { firstNamed, personPath, type Whom } from '../../person-path.ts';
import type { Console } from '../../routes.ts';
import { table } from '../../table.ts';
import { when } from '../../time.ts';
import { written } from '../../written.ts';
import { withinTime } from './within-time.ts';

const mostShown = 50;

const asked = z.object({ who: written(320).default(''), live: z.literal('1').optional() }).catch({ who: '' });

export function mountSearch({ show, engine }: Console): void {
  const { db } = engine.store;
  show('/people', 'viewer', async ({ request }) => {
    const { who, live } = asked.parse(request.query);
    const now = new Date();
    if (who === '')
      return {
        title: 'People',
        content: html`${searchForm('')}${departures(await leavers(), now)}`,
      };
    const content = live === undefined ? await linked(who, now) : await inSources(who);
    return { title: 'People', content: html`${searchForm(who)}${content}` };
  });

  async function leavers(): Promise<readonly DepartureRecord[]> {
    const found = await departuresCalled({ engine }, {});
    return found.kind === 'found' ? found.departures : [];
  }

  async function linked(who: string, now: Date): Promise<Html> {
    const found = await linksLike(db, who, mostShown + 1);
    const shown = found.slice(0, mostShown);
    const more =
      found.length > mostShown
        ? html`<p>The first ${mostShown} by name, of more. Write more of the name, or an address.</p>`
        : html``;
    return html`<section class="card" aria-labelledby="found-title"><h2 id="found-title">${shown.length === 0 ? 'Nobody whom Rollcall looks after is called so' : `${plural(shown.length, 'person', 'people')} whom Rollcall looks after`}</h2>
${shown.length === 0 ? '' : linkTable(shown, now)}${more}
<form method="get" action="/people"><input type="hidden" name="who" value="${who}"><input type="hidden" name="live" value="1">
<p class="soft">Somebody who was not taken over yet, is out of scope, or is long gone: the sources and the audit log know them by e-mail, login or id.</p>
<button type="submit">Look in the sources</button></form></section>`;
  }

  async function inSources(who: string): Promise<Html> {
    const signal = withinTime();
    const { people, lookedAt } = await peopleCalled(engine, { who, source: undefined, signal });
    const { sources, doubts } = lookedAt;
    return html`<section class="card" aria-labelledby="found-title"><h2 id="found-title">${people.length === 0 ? `Nobody is called so in ${sources.join(', ')}` : `${plural(people.length, 'person is', 'people are')}, or were, called so`}</h2>
${doubts.map((doubt) => html`<p class="notice refused">Not everything could be looked at: ${doubt}</p>`)}
${
  people.length === 0
    ? html`<p>No e-mail address, login or id is the same, and the audit log has nothing of that name.</p>`
    : table(
        'People',
        ['Person', 'Record', 'Source', 'Known'],
        people.map(
          ({ source, anchor, label, email, how }) =>
            html`<tr><th scope="row">${personLink({ source, anchor }, email, label)}</th><td class="text"><bdi>${label ?? ''}</bdi></td><td>${source}</td><td>${howKnown[how]}</td></tr>`,
        ),
      )
}</section>`;
  }
}

const howKnown = {
  'by-id': 'by this id',
  now: 'by this name, now',
  linked: 'as Rollcall has stored it',
  once: 'from the audit log',
} as const;

/** Names come from others: a text that runs the other way must not turn what stands beside it. */
const personLink = (whom: Whom, ...names: readonly (string | undefined)[]): Html =>
  html`<a href="${personPath(whom)}"><bdi>${firstNamed(names, whom.anchor)}</bdi></a>`;

const searchForm = (who: string): Html =>
  html`<form method="get" action="/people" role="search" class="card search">
<label for="who">E-mail, login, name, employee number, or the id of a record or profile</label>
<input type="search" id="who" name="who" value="${who}" maxlength="320"${who === '' ? html` autofocus` : ''}>
<button type="submit" class="main">Search</button></form>`;

const linkTable = (links: readonly Link[], now: Date): Html =>
  table(
    'People',
    ['Person', 'Name', 'State', 'Source', 'Employee number', 'Profile'],
    links.map(
      (link) =>
        html`<tr><th scope="row">${personLink(link, link.email, link.label)}</th><td class="text"><bdi>${nameOf(link)}</bdi></td><td>${stateOf(link, now)}</td><td>${link.source}</td><td>${link.employeeNumber ?? ''}</td><td><code>${link.profileId ?? ''}</code></td></tr>`,
    ),
  );

/** As the mapping names them, in whichever attribute. */
function nameOf({ applied, label }: Link): string {
  const { name, first_name, last_name } = applied;
  const parts = [name ?? first_name, name === undefined ? last_name : undefined];
  const words = parts.filter((part) => typeof part === 'string' && part !== '');
  return words.length === 0 ? label : words.join(' ');
}

function stateOf(link: Link, now: Date): Html {
  if (link.deactivatedByUs)
    return html`<span class="tag bad">deactivated</span> ${link.deactivatedAt === undefined ? '' : when(link.deactivatedAt, now)}`;
  if (link.deletedSince !== undefined)
    return html`<span class="tag wait">deleted in the source</span> ${when(link.deletedSince, now)}`;
  if (link.absentSince !== undefined)
    return html`<span class="tag wait">not seen</span> ${when(link.absentSince, now)}`;
  if (link.profileId === undefined && link.origin === 'invited')
    return html`<span class="tag wait">invited</span> ${link.invitedAt === undefined ? '' : when(link.invitedAt, now)}`;
  return html`<span class="tag good">active</span>`;
}

/** Those who are to leave come first, for somebody may still say otherwise. */
function departures(all: readonly DepartureRecord[], now: Date): Html {
  const shown = all.toSorted((one, other) => other.dueAt.getTime() - one.dueAt.getTime()).slice(0, mostShown);
  return html`<section class="card" aria-labelledby="leavers-title"><h2 id="leavers-title">Who has left or will leave, by somebody’s word</h2>
${
  shown.length === 0
    ? html`<p>Nobody, by HR’s or an operator’s word or by a leave date that is still to come. Whoever the directory itself calls gone is not in this list.</p>`
    : table(
        'Leavers',
        ['Person', 'Leaves', 'By', 'Why', 'Deactivated'],
        shown.map(
          (one) =>
            html`<tr><th scope="row">${personLink(one, one.email, one.label)}</th><td>${when(one.dueAt, now)}</td><td>${one.actor}</td><td class="text">${one.reason}</td><td>${deactivated(one, now)}</td></tr>`,
        ),
      )
}</section>`;
}

function deactivated({ deactivatedAt, isHeld, run, dueAt }: DepartureRecord, now: Date): Html {
  if (deactivatedAt !== undefined)
    return html`<span class="tag good">done</span> ${when(deactivatedAt, now)}`;
  if (isHeld && run !== undefined) return html`<a href="/runs/${run}">held</a>`;
  return dueAt > now ? html`<span class="tag">to come</span>` : html`<span class="tag">not yet</span>`;
}
