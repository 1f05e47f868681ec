import { z } from 'zod';
import { discardChosen, dispatchSoon, retryChosen, runNamed } from '../../../acts/index.ts';
import { isAtWork } from '../../../engine/index.ts';
import type { SourceId } from '../../../identity/index.ts';
import { findingJson, operationJson } from '../../../json/index.ts';
import { discarded, finding, operation, retried } from '../../../json/schemas/operation.ts';
import {
  operationName,
  page,
  pageOf,
  plainText,
  reason,
  runName,
  searched,
  some,
  sourceName,
} from '../../../json/schemas/parts.ts';
import type { OperationId } from '../../../store/operations/operation.ts';
import { operationOf } from '../../../store/operations/operations.ts';
import { pageOfFindings, pageOfOperations } from '../../../store/pages.ts';
import { findingKinds, operationKinds, operationStates } from '../../../words/words.ts';
import { discreetTo } from '../discreet.ts';
import { ApiProblem, unlessRefused } from '../problem.ts';
import type { Api } from '../route.ts';

const ofRun = z.object({ run: runName });
const place = z.object({ at: z.string(), run: z.string(), seq: z.int() });
const filters = {
  ...page,
  state: some(z.enum(operationStates)),
  kind: some(z.enum(operationKinds)),
  who: searched.optional(),
};

const choice = z
  .strictObject({
    ids: z.array(operationName).min(1).max(10_000).optional(),
    run: runName.optional(),
    source: sourceName.optional(),
    kind: z.enum(operationKinds).optional(),
    saying: plainText.optional().meta({ description: 'Part of what they failed of, in any case of letters' }),
    all: z.literal(true).optional(),
    reason: reason.optional(),
  })
  .meta({ examples: [{ ids: ['k3v9m2wt.17'] }, { saying: 'is not allowed', reason: 'It is, by now' }] });

export function addOperations(api: Api): void {
  const { engine, cursors } = api;
  const { db } = engine.store;
  const discreet = discreetTo(engine);

  api.json({
    ...{ method: 'GET', path: '/operations', id: 'listOperations', role: 'viewer', tag: 'Operations' },
    summary: 'Operations, those of the latest run first',
    description: '`?state=failed` are those that somebody has to retry or discard.',
    query: z.strictObject({ ...filters, run: runName.optional(), source: sourceName.optional() }),
    answer: pageOf(operation),
    problems: ['not-found'],
    handle: async ({ query: { run, source, ...query } }) => {
      const named = run === undefined ? undefined : unlessRefused(await runNamed(db, run)).run.id;
      return await listed(query, {
        ...(named === undefined ? {} : { run: named }),
        ...(source === undefined ? {} : { source: source as SourceId }),
      });
    },
  });
  api.json({
    ...{
      method: 'GET',
      path: '/runs/:run/operations',
      id: 'listOperationsOfRun',
      role: 'viewer',
      tag: 'Runs',
    },
    summary: 'What a run plans, in the order of its plan',
    params: ofRun,
    query: z.strictObject(filters),
    answer: pageOf(operation),
    handle: async ({ params, query }) =>
      await listed(query, { run: unlessRefused(await runNamed(db, params.run)).run.id }),
  });

  async function listed(
    { cursor, limit, state, kind, who }: z.output<z.ZodObject<typeof filters>>,
    of: Pick<Parameters<typeof pageOfOperations>[1], 'run' | 'source'>,
  ) {
    const filter = {
      ...of,
      ...(state === undefined ? {} : { states: state }),
      ...(kind === undefined ? {} : { kinds: kind }),
      who,
    };
    const { rows, next } = await pageOfOperations(
      db,
      filter,
      cursors.read('operations', cursor, place),
      limit,
    );
    return {
      items: rows.map((row) => discreet.operation(operationJson(row))),
      next: next === undefined ? null : cursors.write('operations', next),
    };
  }

  api.json({
    ...{ method: 'GET', path: '/runs/:run/findings', id: 'listFindingsOfRun', role: 'viewer', tag: 'Runs' },
    summary: 'For whom a run did nothing, and why',
    params: ofRun,
    query: z.strictObject({ ...page, kind: some(z.enum(findingKinds)), who: searched.optional() }),
    answer: pageOf(finding),
    handle: async ({ params, query: { cursor, limit, kind: kinds, who } }) => {
      const { id: run } = unlessRefused(await runNamed(db, params.run)).run;
      const after = cursors.read('findings', cursor, z.int());
      const { rows, next } = await pageOfFindings(db, { run, kinds, who }, after, limit);
      return {
        items: rows.map(findingJson),
        next: next === undefined ? null : cursors.write('findings', next),
      };
    },
  });
  api.json({
    ...{
      method: 'GET',
      path: '/operations/:operation',
      id: 'getOperation',
      role: 'viewer',
      tag: 'Operations',
    },
    summary: 'One operation',
    params: z.object({ operation: operationName }),
    answer: operation,
    handle: async ({ params: { operation: id } }) => {
      const found = await operationOf(db, id as OperationId);
      if (found === undefined) throw new ApiProblem('not-found', `There is no operation ${id}.`);
      return discreet.operation(operationJson(found));
    },
  });

  api.json({
    ...{
      method: 'POST',
      path: '/operations/retry',
      id: 'retryOperations',
      role: 'operator',
      tag: 'Operations',
    },
    summary: 'Tries failed operations again',
    description: 'Those of the ids, or all failed ones that fit what else is said.',
    body: choice,
    answer: retried,
    problems: ['not-found'],
    handle: async ({ acting, body: { reason: why, ...chosen } }) => {
      const outcome = unlessRefused(await retryChosen(acting, chosen, why));
      await dispatchSoon(engine);
      return {
        retried: outcome.retried.map(({ id }) => id),
        runs: [...new Set(outcome.retried.map(({ run_id }) => run_id))],
        passedOver: outcome.passedOver,
        served: await isAtWork(db, 'worker'),
      };
    },
  });
  api.json({
    ...{
      method: 'POST',
      path: '/operations/discard',
      id: 'discardOperations',
      role: 'operator',
      tag: 'Operations',
    },
    summary: 'Takes failed operations off the list',
    description: 'Nothing is carried out; the next run looks at these people anew.',
    body: choice,
    answer: discarded,
    problems: ['not-found'],
    handle: async ({ acting, body: { reason: why, ...chosen } }) => {
      const outcome = unlessRefused(await discardChosen(acting, chosen, why));
      return { discarded: outcome.discarded.map(({ id }) => id) };
    },
  });
}
