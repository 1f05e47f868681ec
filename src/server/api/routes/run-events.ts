import type { Kysely } from 'kysely';
import { z } from 'zod';
import { progressOf, runNamed } from '../../../acts/index.ts';
import {
  type Halt,
  haltUnder,
  isAtRest,
  isAtWork,
  notConfirmedYet,
  verificationPatienceMs,
} from '../../../engine/index.ts';
import { runJson } from '../../../json/index.ts';
import { runName } from '../../../json/schemas/parts.ts';
import type { runEnd, runProgress } from '../../../json/schemas/run.ts';
import type { Told } from '../../../json/told.ts';
import { settleRun } from '../../../plan/index.ts';
import { countInFile } from '../../../store/operations/bulk.ts';
import type { OperationState, RunId } from '../../../store/operations/operation.ts';
import { countByState } from '../../../store/operations/operations.ts';
import { countUnconfirmed, isVerificationDue } from '../../../store/operations/verifications.ts';
import { type ReadingProgress, readingProgress } from '../../../store/runs/reading-progress.ts';
import { type Run, runOf } from '../../../store/runs/runs.ts';
import type { Database } from '../../../store/schema.ts';
import { type Watched, watched } from '../../streams/watched.ts';
import { unlessRefused } from '../problem.ts';
import type { Api } from '../route.ts';

interface Progress {
  readonly run: Run;
  readonly counts: ReadonlyMap<OperationState, number>;
  readonly inFile: number;
  readonly ended: number;
  readonly total: number;
  /** Undefined before two looks have shown any. */
  readonly perSecond: number | undefined;
  /** How far its reading is; undefined where nothing is being read. */
  readonly reading: ReadingProgress | undefined;
  /** Why it does not go on for now. */
  readonly halt: Halt | undefined;
  /** Whether nothing more is to be waited for; then what is known of those whom it deactivated. */
  readonly end: { readonly unconfirmed: number; readonly unverified: string | undefined } | undefined;
}

/** The rate is that of the last so many looks. */
const samplesKept = 10;

export function addRunEvents(api: Api): void {
  const { engine, streams } = api;
  const { db } = engine.store;
  const watching = new Map<RunId, { readonly progress: Watched<Progress>; listeners: number }>();

  api.stream({
    ...{ method: 'GET', path: '/runs/:run/events', id: 'watchRun', role: 'viewer', tag: 'Runs' },
    summary: 'Tells how far a run is, until it rests',
    description:
      'Server-sent events: `progress`, at once and after each change, with `state`, `counts`, `ended` of `total`, `perSecond`, `secondsLeft`, `reading`, which tells how far that is while there is no plan yet, and `halt`, which says why it does not go on for now, if so; then `end` with the run, when it has ended or waits for approval and its deactivations are confirmed, and the stream ends. Where the service stops first, it ends without: connect again.',
    params: z.object({ run: runName }),
    types: ['text/event-stream'],
    problems: ['too-many-streams'],
    handle: async ({ params }, reply) => {
      const { id } = unlessRefused(await runNamed(db, params.run)).run;
      let leave = (): void => undefined;
      const stream = streams.open(reply, () => leave());
      leave = listen(id, (progress) => {
        stream.send('progress', progressJson(progress));
        if (progress.end === undefined) return;
        stream.send('end', endJson(progress, progress.end));
        stream.end();
      });
      return reply;
    },
  });

  /** One look a second at each run that is listened to, however many listen. */
  function listen(id: RunId, listener: (progress: Progress) => void): () => void {
    const known = watching.get(id) ?? { progress: watchRun(id), listeners: 0 };
    known.listeners += 1;
    watching.set(id, known);
    const leave = known.progress.listen(listener);
    return () => {
      leave();
      known.listeners -= 1;
      if (known.listeners === 0) watching.delete(id);
    };
  }

  function watchRun(id: RunId): Watched<Progress> {
    const samples: { readonly at: number; readonly ended: number }[] = [];
    const haltOf = haltUnder(engine, (role) => isAtWork(db, role));
    const endOf = endSeenBy(db);
    return watched({
      everyMs: 1_000,
      async look() {
        await settleRun(db, id);
        const run = await runOf(db, id);
        if (run === undefined) throw new Error(`Run ${id} is not in the store any more.`);
        const counts = await countByState(db, id);
        const inFile = counts.has('running') ? await countInFile(db, id) : 0;
        const { ended, total } = progressOf(counts);
        samples.push({ at: performance.now(), ended });
        if (samples.length > samplesKept) samples.shift();
        const [halt, end] = isAtRest(run)
          ? [undefined, await endOf(id)]
          : [await haltOf({ run, counts, inFile }), undefined];
        const reading = await readingProgress(db, run);
        return { run, counts, inFile, ended, total, perSecond: rateOf(samples), reading, halt, end };
      },
      markOf: ({ run, counts, inFile, reading, halt, end }) =>
        JSON.stringify([run.state, [...counts], inFile, reading, halt?.sentence, end]),
      onError: (error) =>
        engine.log.warn(
          { event: 'api.look-failed', run: id, err: error },
          'How far a run is could not be found out.',
        ),
    });
  }
}

function rateOf(samples: readonly { readonly at: number; readonly ended: number }[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < 500) return undefined;
  return ((last.ended - first.ended) * 1_000) / (last.at - first.at);
}

function progressJson({
  run,
  counts,
  inFile,
  ended,
  total,
  perSecond,
  reading,
  halt,
}: Progress): z.output<typeof runProgress> {
  const left = total - ended;
  return {
    run: run.id,
    state: run.state,
    counts: Object.fromEntries(counts),
    ended,
    total,
    inFile,
    perSecond: perSecond === undefined ? null : Math.round(perSecond * 10) / 10,
    secondsLeft: perSecond === undefined || perSecond <= 0 ? null : Math.ceil(left / perSecond),
    reading: reading === undefined ? null : { ...reading, expected: reading.expected ?? null },
    halt: halt ?? null,
  };
}

const endJson = (
  { run, counts }: Progress,
  { unconfirmed, unverified }: NonNullable<Progress['end']>,
): Told<z.output<typeof runEnd>> => ({
  run: runJson(run),
  counts: Object.fromEntries(counts),
  unconfirmed,
  unverified: unverified ?? null,
});

/** Of a run at rest: deactivations are confirmed a moment later, by a service. That is waited for, and not for ever. */
function endSeenBy(db: Kysely<Database>): (run: RunId) => Promise<Progress['end']> {
  let until: number | undefined;
  return async (run) => {
    const isDue = await isVerificationDue(db, run);
    until ??= performance.now() + verificationPatienceMs;
    if (isDue && performance.now() < until) return undefined;
    return {
      unconfirmed: await countUnconfirmed(db, run),
      unverified: isDue ? notConfirmedYet(run) : undefined,
    };
  };
}
