/** Failures and conflicts: what does not go on without a person, by cause, with what mends it. */
import { z } from 'zod';
import { html } from '../../../../html/html.ts';
import { failureGroup, failureGroups, failuresOf } from '../../../../store/operations/failures.ts';
import { rulings } from '../../../../store/people/rulings.ts';
import { findingsPage, type Portion } from '../../../../store/runs/plan-pages.ts';
import { latestCompleteRun } from '../../../../store/runs/runs.ts';
import { PageError } from '../../errors.ts';
import { counted, number, portionOf } from '../../paging.ts';
import type { Console } from '../../routes.ts';
import { mountRemedies } from './acts.ts';
import { conflictsOf, type SourceConflicts } from './conflicts.ts';
import { failureCard } from './failed.ts';

const causesAtFirst = 50;
const peopleAtFirst = 5;
const people = 50;

const pageNumber = z.coerce.number().int().min(1).max(1_000_000).catch(1);
const asked = z.object({ cause: z.string().optional().catch(undefined), page: pageNumber });
const inPath = z.object({ source: z.string() });

export function mountFailures(site: Console): void {
  const { show, engine } = site;
  const { db } = engine.store;
  mountRemedies(site);

  async function conflictsIn(source: SourceConflicts['source'], portion: Portion): Promise<SourceConflicts> {
    const id = engine.sources.find((one) => one.id === source)?.id;
    if (id === undefined)
      throw new PageError(404, 'No such source', `The configuration has no source ${source}.`);
    const run = await latestCompleteRun(db, id);
    const found =
      run === undefined ? { items: [], total: 0 } : await findingsPage(db, run.id, 'conflict', portion);
    return { source, run, found, rulings: await rulings(db, id) };
  }

  show('/failures', 'viewer', async ({ request, visitor, csrf }) => {
    const { cause, page } = asked.parse(request.query);
    const about = { visitor, csrf, now: new Date() };
    if (cause !== undefined) {
      const group = await failureGroup(db, cause);
      const shown = await failuresOf(db, cause, portionOf(page, people));
      return {
        title: 'Failures and conflicts',
        content: html`<p><a href="/failures">All causes</a></p>
${group === undefined ? html`<p class="verdict good">Nothing has failed of that any more.</p>` : failureCard(group, shown, about, { page, size: people })}`,
      };
    }
    const { groups, failed, causes } = await failureGroups(db, causesAtFirst);
    const cards = await Promise.all(
      groups.map(async (group) =>
        failureCard(group, await failuresOf(db, group.key, { offset: 0, limit: peopleAtFirst }), about),
      ),
    );
    const conflicts = await Promise.all(
      engine.sources.map(({ id }) => conflictsIn(id, { offset: 0, limit: peopleAtFirst })),
    );
    const inConflict = conflicts.reduce((sum, { found }) => sum + found.total, 0);
    return {
      title: 'Failures and conflicts',
      live: ['state', 'failures'],
      content: html`<section id="state" aria-label="State">${
        failed === 0 && inConflict === 0
          ? html`<p class="verdict good"><strong>Nothing has failed, and nobody is in conflict.</strong></p>`
          : html`<p class="verdict ${failed > 0 ? 'bad' : 'wait'}"><strong>${counted(failed, 'operation has', 'operations have')} failed${causes > 1 ? `, of ${number(causes)} causes` : ''}; ${counted(inConflict, 'person is', 'people are')} in conflict.</strong></p>`
      }</section>
<section id="failures" class="stack" aria-labelledby="failures-title"><h2 id="failures-title">Failed</h2>
${
  groups.length === 0
    ? html`<p class="soft">No operation has failed.</p>`
    : html`<p class="soft">Mend the cause, then retry: what may have happened already is looked for first. What is discarded is not carried out, and the next run looks at these people anew.</p>
${cards}${
  causes > groups.length
    ? html`<p class="soft">These are the ${number(groups.length)} most frequent causes of ${number(causes)}. Those of others come up when these are mended; <code>rollcall operations --failed</code> lists them all.</p>`
    : ''
}`
}</section>
<section class="stack" aria-labelledby="conflicts-title"><h2 id="conflicts-title">In conflict, a person must decide</h2>
${conflicts.map((one) => conflictsOf(one, about))}</section>`,
    };
  });

  show('/failures/conflicts/:source', 'viewer', async ({ request, visitor, csrf }) => {
    const { source } = inPath.parse(request.params);
    const { page } = asked.parse(request.query);
    const found = await conflictsIn(source, portionOf(page, people));
    return {
      title: 'Failures and conflicts',
      content: html`<p><a href="/failures">All failures and conflicts</a></p>
${conflictsOf(found, { visitor, csrf, now: new Date() }, { page, size: people })}`,
    };
  });
}
