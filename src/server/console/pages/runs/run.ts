/** `/runs/ID`: one run with its plan, person by person. */
import { z } from 'zod';
import { html } from '../../../../html/html.ts';
import { overtakenIn } from '../../../../plan/index.ts';
import type { RunId } from '../../../../store/operations/operation.ts';
import {
  findingCounts,
  findingsPage,
  operationsPage,
  planCounts,
} from '../../../../store/runs/plan-pages.ts';
import { readingProgress } from '../../../../store/runs/reading-progress.ts';
import { countUndoable } from '../../../../store/runs/run-counts.ts';
import { type Run, runOf } from '../../../../store/runs/runs.ts';
import type { RunState } from '../../../../store/schema.ts';
import { findingKinds, operationKinds, operationStates } from '../../../../words/words.ts';
import { PageError } from '../../errors.ts';
import { portionOf } from '../../paging.ts';
import type { Console } from '../../routes.ts';
import { standstillsOver } from '../../standstill.ts';
import { written } from '../../written.ts';
import { decision } from './decision.ts';
import { findingsInPart, findingsInWhole } from './findings.ts';
import { plan } from './plan.ts';
import { progressNow } from './progress.ts';
import { runState } from './state.ts';
import { undoing } from './undo.ts';

const people = 50;
const foundAtFirst = 5;

const pageNumber = z.coerce.number().int().min(1).max(1_000_000).catch(1);

const asked = z.object({
  kind: z.enum(operationKinds).optional().catch(undefined),
  state: z.enum(operationStates).optional().catch(undefined),
  text: written(200).optional().catch(undefined),
  page: pageNumber,
});

const askedOfFindings = z.object({ kind: z.enum(findingKinds).catch('conflict'), page: pageNumber });

const inPath = z.object({ id: written(200) });

/** Of a run in one of these, nothing is left to be carried out. */
const endedStates: ReadonlySet<RunState> = new Set(['done', 'failed', 'rejected', 'expired']);

export function mountRun({ show, engine }: Console): void {
  const { db } = engine.store;

  /** @throws {PageError} where there is none */
  async function runIn(params: unknown): Promise<Run> {
    const { id } = inPath.parse(params);
    const run = await runOf(db, id as RunId);
    if (run !== undefined) return run;
    throw new PageError(
      404,
      'No such run',
      `There is no run ${id}. It may be older than what is kept (retention).`,
    );
  }

  show('/runs/:id', 'viewer', async ({ request, visitor, csrf }) => {
    const run = await runIn(request.params);
    const filter = asked.parse(request.query);
    const now = new Date();
    const [counts, page, found, undoable, carriedOut, reading, standstills] = await Promise.all([
      planCounts(db, run.id),
      operationsPage(db, run.id, filter, portionOf(filter.page, people)),
      findingCounts(db, run.id),
      countUndoable(db, run.id),
      progressNow(db, run),
      readingProgress(db, run),
      endedStates.has(run.state)
        ? []
        : standstillsOver(db, engine.config, run.source_id, run.although_paused, now),
    ]);
    const waiting = counts.reduce(
      (sum, { state, count }) => sum + (state === 'planned' || state === 'held' ? count : 0),
      0,
    );
    const { byOthers, unwanted } =
      waiting === 0 ? { byOthers: [], unwanted: [] } : await overtakenIn(db, run);
    const shown = { ...filter, ...page, size: people };
    const findings = await Promise.all(
      findingKinds
        .filter((kind) => found.has(kind))
        .map(async (kind) => ({
          kind,
          ...(await findingsPage(db, run.id, kind, { offset: 0, limit: foundAtFirst })),
        })),
    );
    const about = { waiting, overtaken: byOthers.length + unwanted.length, standstills };
    return {
      title: `Run ${run.id} of ${run.source_id}`,
      live: ['state', 'decision', 'plan', 'findings', 'undo'],
      content: html`${runState(run, counts, about, { reading, carriedOut }, now)}
${decision(run, about, { visitor, csrf, people: engine.config.guards.approval.people, now })}
${plan(run, counts, shown)}
${findingsInPart(run, findings)}
${undoing(run, undoable, { visitor, csrf })}`,
    };
  });

  show('/runs/:id/findings', 'viewer', async ({ request }) => {
    const run = await runIn(request.params);
    const { kind, page } = askedOfFindings.parse(request.query);
    const found = await findingsPage(db, run.id, kind, portionOf(page, people));
    return {
      title: `Run ${run.id} of ${run.source_id}`,
      content: findingsInWhole(run, kind, { ...found, page, size: people }),
    };
  });
}
