import { z } from 'zod';
import {
  approveNamed,
  counted,
  dispatchSoon,
  overtakenCount,
  rejectNamed,
  requestByHand,
  runNamed,
  sourcesNamed,
  undoNamed,
  unpaused,
} from '../../../acts/index.ts';
import { isAtWork } from '../../../engine/index.ts';
import type { SourceId } from '../../../identity/index.ts';
import { runJson } from '../../../json/index.ts';
import {
  page,
  pageOf,
  plainText,
  reason,
  runName,
  some,
  sourceName,
  who,
} from '../../../json/schemas/parts.ts';
import {
  approved,
  countedRun,
  detailedRun,
  modes,
  raise,
  readings,
  rejected,
  requestedRuns,
  triggers,
} from '../../../json/schemas/run.ts';
import type { RunId } from '../../../store/operations/operation.ts';
import { pageOfRuns } from '../../../store/pages.ts';
import { type Run, runOf } from '../../../store/runs/runs.ts';
import { runStates } from '../../../words/words.ts';
import { whyNotRaised } from '../../access/raising.ts';
import { ApiProblem, unlessRefused } from '../problem.ts';
import type { Api } from '../route.ts';

const params = z.object({ run: runName });
const place = z.object({ at: z.string(), id: z.string() });
const word = z.strictObject({ reason }).meta({ examples: [{ reason: 'I looked at it' }] });

interface Readable {
  readonly source: string | undefined;
  readonly mode: Run['mode'];
  readonly althoughPaused: true | undefined;
}

export function addRuns(api: Api): void {
  const { engine, cursors } = api;
  const { db } = engine.store;
  const detailed = async (found: Run) => {
    const [one] = await counted(db, [found]);
    const counts = Object.fromEntries(one?.counts ?? []);
    return { ...runJson(found), counts, overtaken: await overtakenCount(db, found) };
  };

  api.json({
    ...{ method: 'GET', path: '/runs', id: 'listRuns', role: 'viewer', tag: 'Runs' },
    summary: 'The runs, the latest first',
    query: z.strictObject({
      ...page,
      source: sourceName.optional(),
      state: some(z.enum(runStates)),
      mode: z.enum(modes).optional(),
      trigger: z.enum(triggers).optional(),
      actor: plainText.optional(),
    }),
    answer: pageOf(countedRun),
    handle: async ({ query: { cursor, limit, source, state: states, mode, trigger, actor } }) => {
      const filter = { source: source as SourceId | undefined, states, mode, trigger, actor };
      const { rows, next } = await pageOfRuns(db, filter, cursors.read('runs', cursor, place), limit);
      const items = (await counted(db, rows)).map(({ run: one, counts }) => ({
        ...runJson(one),
        counts: Object.fromEntries(counts),
      }));
      return { items, next: next === undefined ? null : cursors.write('runs', next) };
    },
  });

  api.json({
    ...{ method: 'GET', path: '/runs/:run', id: 'getRun', role: 'viewer', tag: 'Runs' },
    summary: 'One run',
    params,
    answer: detailedRun,
    handle: async ({ params: { run: name } }) => await detailed(unlessRefused(await runNamed(db, name)).run),
  });

  api.json({
    ...{ method: 'POST', path: '/runs', id: 'requestRuns', role: 'operator', tag: 'Runs' },
    summary: 'Asks for a run of one source, or of all',
    description:
      '`mode: plan` is a dry run: nothing is released before somebody approves it. A service takes the runs up; `served` tells whether one is at work. Guards give way (`raise`) by the word of an `approver` alone.',
    body: z
      .strictObject({
        source: sourceName.optional().meta({ description: 'All sources where it is left out' }),
        mode: z.enum(modes).default('apply'),
        reading: z.enum(readings).default('full'),
        onlyWho: who.optional(),
        raise: raise.optional(),
        althoughPaused: z
          .literal(true)
          .optional()
          .meta({ description: 'Makes and carries out the run of a source that is paused' }),
      })
      .refine(({ reading, onlyWho }) => reading === 'full' || onlyWho === undefined, {
        path: ['reading'],
        message: 'Of one person the whole source is read, since they may not have changed: leave it out.',
      })
      .refine(({ mode, althoughPaused }) => althoughPaused === undefined || mode === 'apply', {
        path: ['althoughPaused'],
        message: 'A dry run is made in any case: leave it out.',
      })
      .refine(({ raise: raised, source }) => raised === undefined || source !== undefined, {
        path: ['source'],
        message: 'Name the source whose guard gives way.',
      })
      .meta({
        examples: [
          { source: 'corp' },
          { source: 'corp', mode: 'plan', onlyWho: 'ann@example.com' },
          {
            source: 'corp',
            raise: { guards: { maxDeactivations: 200 }, reason: 'The Vienna office closes' },
          },
        ],
      }),
    status: 202,
    answer: requestedRuns,
    problems: ['not-found'],
    location: ({ runs: [first] }) => (first === undefined ? '/runs' : `/runs/${first.id}`),
    handle: async ({
      acting: { actor },
      visitor,
      body: { source, mode, reading, onlyWho, raise: raised, althoughPaused },
    }) => {
      const notRaised = raised === undefined ? undefined : whyNotRaised(visitor);
      if (notRaised !== undefined) throw new ApiProblem('not-allowed', notRaised);
      const sources = await readable({ source, mode, althoughPaused });
      const isServedNow = await isAtWork(db, 'scheduler');
      const runs = await Promise.all(
        sources.map(async ({ id }) => {
          const wish = {
            actor,
            source: id,
            mode,
            reading,
            onlyWho,
            raise: raised,
            isLeftToService: true,
            althoughPaused,
          } as const;
          return await existing(await requestByHand(db, wish));
        }),
      );
      return { runs: runs.map(runJson), served: isServedNow };
    },
  });

  api.json({
    ...{ method: 'POST', path: '/runs/:run/approve', id: 'approvePlan', role: 'approver', tag: 'Runs' },
    summary: 'Releases what a plan or a guard holds',
    description:
      'Where two people have to approve, the first answer is `seconded`: nothing is released before somebody else approves, too.',
    params,
    body: word,
    answer: approved,
    handle: async ({ acting, params: { run: name }, body, signal }) => {
      const outcome = unlessRefused(await approveNamed(acting, name, body.reason, signal));
      await dispatchSoon(engine);
      return {
        outcome: outcome.kind,
        released: outcome.kind === 'approved' ? outcome.released : 0,
        overtaken: outcome.overtaken,
        run: runJson(await existing(outcome.run)),
        served: await isAtWork(db, 'worker'),
      };
    },
  });

  api.json({
    ...{ method: 'POST', path: '/runs/:run/reject', id: 'rejectPlan', role: 'approver', tag: 'Runs' },
    summary: 'Drops what a plan or a guard holds',
    params,
    body: word,
    answer: rejected,
    handle: async ({ acting, params: { run: name }, body }) => {
      const { dropped, run: id } = unlessRefused(await rejectNamed(acting, name, body.reason));
      return { dropped, run: runJson(await existing(id)) };
    },
  });

  api.json({
    ...{ method: 'POST', path: '/runs/:run/undo', id: 'undoRun', role: 'operator', tag: 'Runs' },
    summary: "Makes a plan that reverses a run's deactivations",
    description: 'Nothing of it is done before an approver approves it.',
    params,
    status: 201,
    answer: detailedRun,
    location: ({ id }) => `/runs/${id}`,
    handle: async ({ acting, params: { run: name } }) => {
      const { run: id } = unlessRefused(await undoNamed(acting, name));
      return await detailed(await existing(id));
    },
  });

  /** Of several, those that are paused are left out. @throws {ApiProblem} where all are */
  async function readable({ source, mode, althoughPaused }: Readable) {
    const { sources } = unlessRefused(sourcesNamed(engine, source));
    if (mode === 'plan' || althoughPaused === true) return sources;
    const { free, paused } = await unpaused(engine, sources);
    if (free.length > 0) return free;
    throw new ApiProblem(
      'not-now',
      `${paused.join(' ')} No run was made. A dry run is made all the same, and with \`althoughPaused\` this one is.`,
    );
  }

  async function existing(id: RunId): Promise<Run> {
    const found = await runOf(db, id);
    if (found === undefined) throw new Error(`Run ${id} was made, and is not in the store.`);
    return found;
  }
}
